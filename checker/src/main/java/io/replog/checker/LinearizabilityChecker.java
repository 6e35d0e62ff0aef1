package io.replog.checker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether each key of a history behaved as if every operation had taken effect at one moment between its call and its
 * answer (Herlihy and Wing, 1990). Keys are independent of each other, so each is judged alone.
 *
 * <p>Operations of unknown outcome may take effect at any time after their call, or never; refused ones must not.
 */
public final class LinearizabilityChecker {
    /** Steps of search that are enough for histories of a hundred concurrent clients, and end within a minute. */
    public static final long DEFAULT_BUDGET = 20_000_000;

    private static final int MOST_VIOLATIONS = 10;

    private LinearizabilityChecker() {}

    public static Verdict check(Collection<KvOperation> history) {
        return check(history, DEFAULT_BUDGET);
    }

    /**
     * @param history in any order
     * @param budget  steps of search for each key, after which the verdict is {@link Verdict.Undecided}. A violation of
     *                any key goes before an undecided one
     */
    public static Verdict check(Collection<KvOperation> history, long budget) {
        Map<String, List<KvOperation>> byKey = new LinkedHashMap<>();
        for (KvOperation operation : history) {
            byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
        }
        List<Violation> violations = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        for (Map.Entry<String, List<KvOperation>> key : byKey.entrySet()) {
            switch (checkKey(key.getValue(), budget)) {
                case Verdict.Passed passed -> {}
                case Verdict.Violated violated -> violations.addAll(violated.violations());
                case Verdict.Undecided open -> undecided.add("key " + Texts.quote(key.getKey()) + ": " + open.reason());
            }
            if (violations.size() >= MOST_VIOLATIONS) {
                break;
            }
        }
        if (!violations.isEmpty()) {
            return new Verdict.Violated(List.copyOf(violations));
        }
        return undecided.isEmpty()
                ? new Verdict.Passed(history.size())
                : new Verdict.Undecided(String.join("; ", undecided));
    }

    /**
     * First a search that treats values nobody ever saw as one: it is fast, and exact unless a hash was taken blindly,
     * for only a hash makes a value that is seen from one that is not. In that case its "no" means nothing, and an exact
     * search follows.
     */
    private static Verdict checkKey(List<KvOperation> operations, long budget) {
        Verdict quick = new KeySearch(operations, true, budget).run();
        boolean blindHash = operations.stream()
                .anyMatch(operation -> operation.kind() == KvOperation.Kind.HASH
                        && operation.status() != Status.REFUSED
                        && operation.observation() == null);
        return quick.passed() || !blindHash ? quick : new KeySearch(operations, false, budget).run();
    }
}
