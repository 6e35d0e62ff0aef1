package io.replog.checker;

import java.util.List;
import java.util.TreeSet;

/**
 * A key as a sequential object: what each operation makes of its value. A value is a {@link String} or a {@link Special}.
 */
final class KeyModel {
    /** What is not a text. */
    enum Special {
        ABSENT,
        /** Some value that no operation of the history observed, nor a longer one that begins with it. */
        NEVER_SEEN
    }

    private final TreeSet<String> observed = new TreeSet<>();
    private final boolean merging;

    /** @param merging whether values that nobody saw are taken for one */
    KeyModel(List<KvOperation> operations, boolean merging) {
        this.merging = merging;
        if (merging) {
            for (KvOperation operation : operations) {
                KvOperation.Observation observation = operation.observation();
                if (observation != null && observation.value() != null) {
                    observed.add(observation.value());
                }
            }
        }
    }

    /** Whether the operation could take effect on {@code value}. */
    static boolean allows(KvOperation operation, Object value) {
        KvOperation.Observation observation = operation.observation();
        if (observation == null) {
            return true;
        }
        return observation.value() == null
                ? value == Special.ABSENT
                : observation.value().equals(value);
    }

    /** The value after the operation. */
    Object apply(KvOperation operation, Object value) {
        return switch (operation.kind()) {
            case GET -> value;
            case PUT -> seen(operation.argument());
            case DELETE -> Special.ABSENT;
            case APPEND ->
                value == Special.NEVER_SEEN ? value : seen(text(value).concat(operation.argument()));
            case HASH -> value == Special.NEVER_SEEN ? value : seen(Fnv1a.hash(text(value) + operation.argument()));
        };
    }

    private Object seen(String value) {
        if (!merging) {
            return value;
        }
        String next = observed.ceiling(value);
        return next != null && next.startsWith(value) ? value : Special.NEVER_SEEN;
    }

    private static String text(Object value) {
        return value instanceof String text ? text : "";
    }
}
