package io.replog.core.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Reads big-endian numbers and bytes out of a part of an array. Whatever is wrong with the bytes ends in the exception
 * that the caller chose, and lengths are checked before anything is allocated for them. Not thread-safe.
 */
public final class BytesIn {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int limit;
    private final Function<String, ? extends RuntimeException> damaged;
    private int position;

    /**
     * @param from    first byte to read
     * @param limit   end of what may be read, exclusive
     * @param damaged makes the exception for bytes that cannot be read, given what is wrong
     */
    public BytesIn(byte[] bytes, int from, int limit, Function<String, ? extends RuntimeException> damaged) {
        if (from < 0 || from > limit || limit > bytes.length) {
            throw damaged.apply("bytes " + from + " to " + limit + " of " + bytes.length);
        }
        this.bytes = bytes;
        this.position = from;
        this.limit = limit;
        this.damaged = damaged;
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return limit - position;
    }

    public int u8() {
        return bytes[claim(1)] & 0xff;
    }

    public int u16() {
        return (short) SHORT.get(bytes, claim(Short.BYTES)) & 0xffff;
    }

    public int i32() {
        return (int) INT.get(bytes, claim(Integer.BYTES));
    }

    public long i64() {
        return (long) LONG.get(bytes, claim(Long.BYTES));
    }

    /**
     * A count of things of which each takes at least {@code leastBytes} of what remains.
     *
     * @throws RuntimeException the chosen one, where so many cannot be there
     */
    public int count(int leastBytes) {
        int count = i32();
        if (count < 0 || (long) count * leastBytes > remaining()) {
            throw fail("a count of " + count + " with " + remaining() + " bytes left");
        }
        return count;
    }

    public byte[] raw(int length) {
        int start = claim(length);
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    /** Skips {@code length} bytes and gives the position where they begin. */
    public int skip(int length) {
        return claim(length);
    }

    /** A byte with the length, then ASCII. */
    public String shortAscii() {
        int length = u8();
        int start = claim(length);
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    /** @throws RuntimeException the chosen one, where something is left */
    public void end() {
        if (remaining() > 0) {
            throw fail(remaining() + " bytes too many");
        }
    }

    /** The exception for {@code problem}, to be thrown. */
    public RuntimeException fail(String problem) {
        return damaged.apply(problem);
    }

    private int claim(int length) {
        if (length < 0 || length > limit - position) {
            throw fail("needs " + length + " bytes, " + (limit - position) + " are left");
        }
        int start = position;
        position += length;
        return start;
    }
}
