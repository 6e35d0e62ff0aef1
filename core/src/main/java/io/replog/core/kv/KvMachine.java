package io.replog.core.kv;

import org.jspecify.annotations.Nullable;

/** What a {@link KvCommand} does to a {@link KvMap}. Pure functions. */
public final class KvMachine {
    private static final int FNV_OFFSET_BASIS = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private KvMachine() {}

    /**
     * @param map    the map after the command: the same object where the command changed nothing
     * @param result what the command gave
     */
    public record Step(KvMap map, KvResult result) {}

    /**
     * Applies a command.
     *
     * @param index index of the command
     */
    public static Step apply(KvMap map, KvCommand command, long index) {
        KvMap.Entry before = map.get(command.key());
        if (!holds(command.condition(), before)) {
            return new Step(map, new KvResult.ConditionFailed(before == null ? 0 : before.index()));
        }
        String previous = before == null ? null : before.value();
        if (command.operation() == KvCommand.Operation.DELETE) {
            KvMap after = before == null ? map : map.without(command.key());
            return new Step(after, new KvResult.Applied(null, previous, index));
        }
        String value = valueAfter(command, previous);
        if (value == null) {
            return new Step(map, new KvResult.ValueTooLarge());
        }
        KvMap after = map.with(new KvMap.Entry(command.key(), value, index));
        return new Step(after, new KvResult.Applied(value, previous, index));
    }

    private static boolean holds(KvCommand.Condition condition, KvMap.@Nullable Entry before) {
        return switch (condition) {
            case KvCommand.Condition.None _ -> true;
            case KvCommand.Condition.IndexIs is -> before != null && before.index() == is.index();
            case KvCommand.Condition.Absent _ -> before == null;
        };
    }

    /** Null where it is too large. */
    private static @Nullable String valueAfter(KvCommand command, @Nullable String previous) {
        String before = previous == null ? "" : previous;
        String value =
                switch (command.operation()) {
                    case PUT -> command.value();
                    case APPEND -> before + command.value();
                    case HASH -> hash(before, command.value());
                    case DELETE -> throw new IllegalArgumentException("DELETE has no value");
                };
        // no character takes more than three bytes, so most values need no counting
        boolean fits = value.length() <= KvCommand.MAX_VALUE_BYTES / 3
                || (value.length() <= KvCommand.MAX_VALUE_BYTES
                        && KvText.toBytes(value).length <= KvCommand.MAX_VALUE_BYTES);
        return fits ? value : null;
    }

    /** Unsigned decimal FNV-1a, 32 bits, of the bytes of {@code previous} and then {@code value}. */
    static String hash(String previous, String value) {
        return Integer.toUnsignedString(fnv(fnv(FNV_OFFSET_BASIS, previous), value));
    }

    private static int fnv(int hash, String text) {
        int h = hash;
        for (byte b : KvText.toBytes(text)) {
            h = (h ^ (b & 0xff)) * FNV_PRIME;
        }
        return h;
    }
}
