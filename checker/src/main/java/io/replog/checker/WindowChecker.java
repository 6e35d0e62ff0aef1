package io.replog.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether parts of the list showed something that they must never show, however old they may be. */
final class WindowChecker {
    private static final int MOST_VIOLATIONS = 10;

    private final Map<String, List<Submission>> byText;
    private final NodeLog end;
    private final List<Violation> violations = new ArrayList<>();

    /**
     * @param byText who submitted a text
     * @param end    what the nodes have in the end, where it is complete
     */
    WindowChecker(Map<String, List<Submission>> byText, NodeLog end) {
        this.byText = byText;
        this.end = end;
    }

    List<Violation> check(List<ListWindow> windows) {
        for (ListWindow window : windows) {
            if (violations.size() < MOST_VIOLATIONS) {
                check(window);
            }
        }
        return violations;
    }

    private void check(ListWindow window) {
        long expected = window.messages().getFirst().id();
        for (NodeLog.Message message : window.messages()) {
            if (message.id() != expected) {
                report("dense ids", window, "has id " + message.id() + " where " + expected + " belongs");
                return;
            }
            expected++;
            if (window.committed() ? !isFinal(window, message) : !isPossible(window, message)) {
                return;
            }
        }
    }

    /** What is committed never changes. */
    private boolean isFinal(ListWindow window, NodeLog.Message message) {
        if (!end.complete()) {
            return true;
        }
        if (message.id() > end.messages().size()) {
            report(
                    "committed read",
                    window,
                    "has id " + message.id() + ", the log ends at "
                            + end.messages().size());
            return false;
        }
        String there = end.messages().get((int) message.id() - 1).text();
        if (!there.equals(message.text())) {
            report(
                    "committed read",
                    window,
                    "has " + Texts.quote(message.text()) + " at id " + message.id() + ", where in the end stands "
                            + Texts.quote(there));
            return false;
        }
        return true;
    }

    /** What is stored may be rolled back, but what was refused never appears on any node. */
    private boolean isPossible(ListWindow window, NodeLog.Message message) {
        List<Submission> sources = byText.getOrDefault(message.text(), List.of());
        if (sources.stream().anyMatch(source -> source.status() != Status.REFUSED)) {
            return true;
        }
        String what = Texts.quote(message.text()) + " at id " + message.id();
        if (sources.isEmpty()) {
            report("from nowhere", window, "has " + what + ", which was never submitted");
        } else {
            report("not stored", window, "has " + what + ", though it was refused: " + sources);
        }
        return false;
    }

    private void report(String rule, ListWindow window, String what) {
        violations.add(new Violation(rule, window + " " + what, List.of(window.id())));
    }
}
