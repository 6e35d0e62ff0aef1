package io.replog.checker;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of configurations of a search. Of two that agree in value and in the writes that have taken effect, the one with
 * the smaller burden can do all that the other can, so only the smallest are kept.
 */
final class Configurations {
    /**
     * A possible present.
     *
     * @param value  of the key
     * @param done   places of the open writes of known outcome that have taken effect
     * @param burden places of the writes of unknown outcome that were used up, and of the open gets that have not yet met
     *               the value that they returned
     * @param writer the operation that wrote the value, for the report alone
     */
    record Configuration(
            Object value,
            BitSet done,
            BitSet burden,
            @Nullable KvOperation writer) {}

    private record Place(Object value, BitSet done) {}

    private final Map<Place, List<Configuration>> kept = new HashMap<>();

    /** False where one that is at least as good is there already. */
    boolean add(Configuration configuration) {
        List<Configuration> others =
                kept.computeIfAbsent(new Place(configuration.value, configuration.done), place -> new ArrayList<>(1));
        for (Configuration other : others) {
            if (isSubset(other.burden, configuration.burden)) {
                return false;
            }
        }
        others.removeIf(other -> isSubset(configuration.burden, other.burden));
        others.add(configuration);
        return true;
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    void forEach(Consumer<Configuration> action) {
        kept.values().forEach(list -> list.forEach(action));
    }

    private static boolean isSubset(BitSet small, BitSet large) {
        for (int bit = small.nextSetBit(0); bit >= 0; bit = small.nextSetBit(bit + 1)) {
            if (!large.get(bit)) {
                return false;
            }
        }
        return true;
    }
}
