package io.replog.core.kv;

/**
 * A write to one key. Keys and values are text (see {@link KvText}); a key is 1–512 bytes of UTF-8.
 *
 * @param operation what to do
 * @param key       the key
 * @param value     the operand; empty for {@link Operation#DELETE}
 * @param condition what must hold of the key when the command is applied, else it changes nothing
 */
public record KvCommand(Operation operation, String key, String value, Condition condition) {
    /** The longest key, in bytes of UTF-8. */
    public static final int MAX_KEY_BYTES = 512;

    /** The longest value that a key can come to have, in bytes: 16 MiB. */
    public static final int MAX_VALUE_BYTES = 16 << 20;

    /** @throws IllegalArgumentException where the key is empty or too long */
    public KvCommand {
        // no character takes more than three bytes, so most keys need no counting
        if (key.isEmpty() || (key.length() > MAX_KEY_BYTES / 3 && KvText.toBytes(key).length > MAX_KEY_BYTES)) {
            throw new IllegalArgumentException("key: accepted are 1 to " + MAX_KEY_BYTES + " bytes of UTF-8");
        }
    }

    public enum Operation {
        PUT,
        APPEND,
        /** Sets the key to the unsigned decimal FNV-1a 32-bit hash of UTF-8(previous + value). */
        HASH,
        DELETE
    }

    public sealed interface Condition {
        Condition NONE = new None();

        record None() implements Condition {}

        /** Holds where the key's last change has this index. */
        record IndexIs(long index) implements Condition {}

        /** Holds where the key is absent. */
        record Absent() implements Condition {}
    }
}
