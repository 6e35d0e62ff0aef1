package io.replog.core.kv;

import io.replog.core.bytes.BytesIn;
import io.replog.core.bytes.BytesOut;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Results in bytes, compactly, as they are kept for repeats. The index of the command stands with the keeper, not here.
 *
 * <pre>
 * u8 kind and flags
 * applied: value, if there is one: i32 length, bytes; previous, if there was one: i32 length, bytes unless value begins with them
 * condition failed: i64 current index
 * </pre>
 */
public final class KvResultCodec {
    private static final int APPLIED = 0;
    private static final int CONDITION_FAILED = 1;
    private static final int VALUE_TOO_LARGE = 2;
    private static final int FORGOTTEN = 3;

    private static final int KIND = 0x0f;
    private static final int HAS_VALUE = 0x10;
    private static final int HAS_PREVIOUS = 0x20;
    /** The value begins with the previous one, as after APPEND: it is not kept twice. */
    private static final int PREVIOUS_IN_VALUE = 0x40;

    private KvResultCodec() {}

    public static void write(BytesOut out, KvResult result) {
        switch (result) {
            case KvResult.Applied applied -> writeApplied(out, applied);
            case KvResult.ConditionFailed failed -> {
                out.u8(CONDITION_FAILED);
                out.i64(failed.currentIndex());
            }
            case KvResult.ValueTooLarge _ -> out.u8(VALUE_TOO_LARGE);
            case KvResult.Forgotten _ -> out.u8(FORGOTTEN);
        }
    }

    /**
     * @param index index of the command
     * @throws RuntimeException the one that {@code in} makes, where no result stands there
     */
    public static KvResult read(BytesIn in, long index) {
        int flags = in.u8();
        return switch (flags & KIND) {
            case APPLIED -> readApplied(in, flags, index);
            case CONDITION_FAILED -> new KvResult.ConditionFailed(in.i64());
            case VALUE_TOO_LARGE -> new KvResult.ValueTooLarge();
            case FORGOTTEN -> new KvResult.Forgotten(index);
            default -> throw in.fail("unknown kind of result " + flags);
        };
    }

    private static void writeApplied(BytesOut out, KvResult.Applied applied) {
        byte @Nullable [] value = bytes(applied.value());
        byte @Nullable [] previous = bytes(applied.previous());
        boolean shared = value != null && previous != null && startsWith(value, previous);
        out.u8(APPLIED
                | (value == null ? 0 : HAS_VALUE)
                | (previous == null ? 0 : HAS_PREVIOUS)
                | (shared ? PREVIOUS_IN_VALUE : 0));
        if (value != null) {
            out.i32(value.length);
            out.raw(value);
        }
        if (previous != null) {
            out.i32(previous.length);
            if (!shared) {
                out.raw(previous);
            }
        }
    }

    private static KvResult readApplied(BytesIn in, int flags, long index) {
        byte @Nullable [] value = (flags & HAS_VALUE) == 0 ? null : in.raw(in.i32());
        if ((flags & HAS_PREVIOUS) == 0) {
            return new KvResult.Applied(text(value), null, index);
        }
        int length = in.i32();
        if ((flags & PREVIOUS_IN_VALUE) == 0) {
            return new KvResult.Applied(text(value), KvText.fromBytes(in.raw(length)), index);
        }
        if (value == null || length < 0 || length > value.length) {
            throw in.fail("a previous value of " + length + " bytes in a shorter one");
        }
        return new KvResult.Applied(text(value), KvText.fromBytes(value, 0, length), index);
    }

    private static boolean startsWith(byte[] whole, byte[] beginning) {
        return whole.length >= beginning.length
                && Arrays.equals(whole, 0, beginning.length, beginning, 0, beginning.length);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : KvText.toBytes(text);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : KvText.fromBytes(bytes);
    }
}
