package io.replog.simulation.invariant;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvMap;
import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.statemachine.StateMachineView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The key-value store as it should be at every index, written a second time and as plainly as possible: what the replicas
 * apply is compared with it.
 */
final class ReferenceStore {
    private static final String INVARIANT = "applied state";

    private record Version(@Nullable String value, long index) {}

    private record Step(long index, @Nullable String key, int size, long lastId) {}

    private final Map<String, TreeMap<Long, Version>> versions = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<Long, KvResult> results = new HashMap<>();

    long appliedIndex() {
        return steps.isEmpty() ? 0 : steps.getLast().index();
    }

    void apply(LogEntry entry) {
        int size = steps.isEmpty() ? 0 : steps.getLast().size();
        String key = null;
        if (EntryCodec.payload(entry) instanceof Payload.Command command) {
            key = command.command().key();
            size += apply(command.command(), entry.lastIndex());
        }
        steps.add(new Step(entry.lastIndex(), key, size, entry.lastId()));
    }

    /** Gives by how many keys the store grew. */
    private int apply(KvCommand command, long index) {
        TreeMap<Long, Version> history = versions.computeIfAbsent(command.key(), key -> new TreeMap<>());
        Version before =
                history.isEmpty() ? new Version(null, 0) : history.lastEntry().getValue();
        String previous = before.value();
        long currentIndex = previous == null ? 0 : before.index();
        boolean holds =
                switch (command.condition()) {
                    case KvCommand.Condition.None _ -> true;
                    case KvCommand.Condition.IndexIs is -> previous != null && is.index() == currentIndex;
                    case KvCommand.Condition.Absent _ -> previous == null;
                };
        if (!holds) {
            results.put(index, new KvResult.ConditionFailed(currentIndex));
            return 0;
        }
        String text = previous == null ? "" : previous;
        String value =
                switch (command.operation()) {
                    case PUT -> command.value();
                    case APPEND -> text + command.value();
                    case HASH -> fnv1a(text + command.value());
                    case DELETE -> null;
                };
        history.put(index, new Version(value, index));
        results.put(index, new KvResult.Applied(value, previous, index));
        return (value == null ? 0 : 1) - (previous == null ? 0 : 1);
    }

    @Nullable KvResult resultAt(long index) {
        return results.get(index);
    }

    /** Compares what changed between two indexes. */
    void compareChanges(String node, long from, StateMachineView view) {
        Set<String> changed = new HashSet<>();
        for (int i = steps.size() - 1; i >= 0 && steps.get(i).index() > from; i--) {
            String key = steps.get(i).key();
            if (key != null) {
                changed.add(key);
            }
        }
        compareNumbers(node, view);
        for (String key : changed) {
            compare(node, key, view.kv().get(key), view.appliedIndex());
        }
    }

    void compareAll(String node, StateMachineView view) {
        compareNumbers(node, view);
        for (KvMap.Entry entry : view.kv()) {
            compare(node, entry.key(), entry, view.appliedIndex());
        }
    }

    private void compareNumbers(String node, StateMachineView view) {
        Step step = stepAt(view.appliedIndex());
        if (step.size() != view.kv().size()) {
            throw new InvariantViolation(
                    INVARIANT,
                    node + " has " + view.kv().size() + " keys at index " + view.appliedIndex() + ", should have "
                            + step.size());
        }
        if (step.lastId() != view.committedId()) {
            throw new InvariantViolation(
                    INVARIANT,
                    node + " says that message " + view.committedId() + " is the last at index " + view.appliedIndex()
                            + ", should be " + step.lastId());
        }
    }

    private void compare(String node, String key, KvMap.@Nullable Entry actual, long index) {
        TreeMap<Long, Version> history = versions.get(key);
        Map.Entry<Long, Version> expected = history == null ? null : history.floorEntry(index);
        String value = expected == null ? null : expected.getValue().value();
        long since = value == null || expected == null ? 0 : expected.getKey();
        boolean equal = actual == null ? value == null : actual.value().equals(value) && actual.index() == since;
        if (!equal) {
            throw new InvariantViolation(
                    INVARIANT,
                    node + " has " + actual + " for key " + key + " at index " + index + ", should be " + value
                            + " since index " + since);
        }
    }

    private Step stepAt(long index) {
        int low = 0;
        int high = steps.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = steps.get(middle).index();
            if (found == index) {
                return steps.get(middle);
            }
            if (found < index) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (index == 0) {
            return new Step(0, null, 0, 0);
        }
        throw new InvariantViolation(INVARIANT, "index " + index + " is applied and not the end of a committed entry");
    }

    private static String fnv1a(String text) {
        int hash = 0x811c9dc5;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return Integer.toUnsignedString(hash);
    }
}
