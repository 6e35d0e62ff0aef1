package io.replog.checker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether the log of messages kept its promises: ids are dense and the same on every node, what was acknowledged durably
 * is there exactly once where it was said to be, what was refused is nowhere, nothing comes from nowhere, and the order
 * is that of real time.
 */
public final class LogChecker {
    private static final int MOST_VIOLATIONS = 20;

    private final List<Submission> submissions;
    private final List<ListRead> reads;
    private final List<ListWindow> windows;
    private final List<NodeLog> logs;
    private final Map<String, List<Submission>> byText = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private LogChecker(
            Collection<Submission> submissions,
            Collection<ListRead> reads,
            Collection<ListWindow> windows,
            Collection<NodeLog> logs) {
        this.submissions = List.copyOf(submissions);
        this.reads = List.copyOf(reads);
        this.windows = List.copyOf(windows);
        this.logs = List.copyOf(logs);
        for (Submission submission : submissions) {
            for (String text : submission.texts()) {
                byText.computeIfAbsent(text, key -> new ArrayList<>(1)).add(submission);
            }
        }
    }

    /**
     * @param submissions every attempt to append, in any order
     * @param reads       linearizable reads, in any order
     * @param logs        what nodes listed; at least one of them complete, else what is lost cannot be told
     */
    public static Verdict check(
            Collection<Submission> submissions, Collection<ListRead> reads, Collection<NodeLog> logs) {
        return check(submissions, reads, List.of(), logs);
    }

    /**
     * @param submissions every attempt to append, in any order
     * @param reads       linearizable reads, in any order
     * @param windows     parts of the list that were read below that level, in any order
     * @param logs        what nodes listed; at least one of them complete, else what is lost cannot be told
     */
    public static Verdict check(
            Collection<Submission> submissions,
            Collection<ListRead> reads,
            Collection<ListWindow> windows,
            Collection<NodeLog> logs) {
        return new LogChecker(submissions, reads, windows, logs).run();
    }

    private Verdict run() {
        NodeLog longest = logs.stream()
                .max(Comparator.comparingInt(log -> log.messages().size()))
                .orElse(new NodeLog("nobody", false, List.of()));
        logs.forEach(this::checkDense);
        logs.forEach(log -> checkAgrees(log, longest));
        checkContents(longest);
        checkAnswers(longest, logs.stream().anyMatch(NodeLog::complete));
        checkRealTime();
        checkReads(longest);
        violations.addAll(new WindowChecker(byText, longest).check(windows));
        return violations.isEmpty()
                ? new Verdict.Passed((long) submissions.size() + reads.size() + windows.size())
                : new Verdict.Violated(List.copyOf(violations));
    }

    private void checkDense(NodeLog log) {
        long expected = 1;
        for (NodeLog.Message message : log.messages()) {
            if (message.id() != expected) {
                report("dense ids", log.node() + " lists id " + message.id() + " where " + expected + " belongs");
                return;
            }
            expected++;
        }
    }

    private void checkAgrees(NodeLog log, NodeLog longest) {
        int common = Math.min(log.messages().size(), longest.messages().size());
        for (int i = 0; i < common; i++) {
            NodeLog.Message here = log.messages().get(i);
            NodeLog.Message there = longest.messages().get(i);
            if (!here.equals(there)) {
                report(
                        "same order",
                        log.node() + " has " + Texts.quote(here.text()) + " at id " + here.id() + ", " + longest.node()
                                + " has " + Texts.quote(there.text()) + " at id " + there.id());
                return;
            }
        }
        if (log.complete() && common < longest.messages().size()) {
            report(
                    "convergence",
                    log.node() + " ends at id " + common + ", " + longest.node() + " at "
                            + longest.messages().size());
        }
    }

    /** From the log's side: every message comes from attempts that may have stored it, and not too often. */
    private void checkContents(NodeLog log) {
        Map<String, List<Long>> places = new LinkedHashMap<>();
        for (NodeLog.Message message : log.messages()) {
            places.computeIfAbsent(message.text(), text -> new ArrayList<>(1)).add(message.id());
        }
        places.forEach((text, ids) -> {
            List<Submission> sources = byText.getOrDefault(text, List.of());
            long possible = sources.stream()
                    .filter(source -> source.status() != Status.REFUSED)
                    .count();
            boolean repeats = sources.stream().anyMatch(source -> source.requestKey() != null);
            if (sources.isEmpty()) {
                report("from nowhere", Texts.quote(text) + " at ids " + ids + " was never submitted");
            } else if (possible == 0) {
                report(
                        "not stored",
                        Texts.quote(text) + " stands at ids " + ids + ", though it was refused: " + sources,
                        sources);
            } else if (ids.size() > (repeats ? 1 : possible)) {
                report(
                        "exactly once",
                        Texts.quote(text) + " stands at ids " + ids + ", submitted by " + sources,
                        sources);
            }
        });
    }

    /** From the client's side: what was acknowledged is where it was said to be. */
    private void checkAnswers(NodeLog log, boolean complete) {
        for (Submission submission : submissions) {
            Submission.Placement placement = submission.placement();
            if (submission.status() != Status.OK || placement == null) {
                continue;
            }
            if (placement.lastId() - placement.firstId() + 1
                    != submission.texts().size()) {
                report(
                        "consecutive ids",
                        submission + " has " + submission.texts().size() + " messages",
                        submission);
            }
            long acks = placement.acks().stream().distinct().count();
            if (acks < placement.w()) {
                report(
                        "write concern",
                        submission + " was acknowledged by " + placement.acks() + ", w was " + placement.w(),
                        submission);
            }
            if (submission.durable()) {
                checkStands(submission, placement, log, complete);
            }
        }
    }

    private void checkStands(Submission submission, Submission.Placement placement, NodeLog log, boolean complete) {
        for (int i = 0; i < submission.texts().size(); i++) {
            long id = placement.firstId() + i;
            String text = submission.texts().get(i);
            if (id < 1 || id > log.messages().size()) {
                if (complete) {
                    report(
                            "durability",
                            submission + " is lost: the log ends at id "
                                    + log.messages().size(),
                            submission);
                }
                return;
            }
            String found = log.messages().get((int) id - 1).text();
            if (!found.equals(text)) {
                report(
                        "durability",
                        submission + " is lost: at id " + id + " stands " + Texts.quote(found),
                        submission);
                return;
            }
        }
    }

    /** What was acknowledged before another request began stands before it. */
    private void checkRealTime() {
        List<Submission> acknowledged = submissions.stream()
                .filter(submission ->
                        submission.status() == Status.OK && submission.durable() && submission.placement() != null)
                .toList();
        List<Submission> byEnd = acknowledged.stream()
                .sorted(Comparator.comparingLong(Submission::completed))
                .toList();
        List<Submission> byStart = acknowledged.stream()
                .filter(submission -> submission.requestKey() == null)
                .sorted(Comparator.comparingLong(Submission::invoked))
                .toList();
        int next = 0;
        Submission highest = null;
        for (Submission later : byStart) {
            while (next < byEnd.size() && byEnd.get(next).completed() < later.invoked()) {
                Submission ended = byEnd.get(next++);
                if (highest == null || lastId(ended) > lastId(highest)) {
                    highest = ended;
                }
            }
            if (highest != null && lastId(highest) >= lastId(later)) {
                report(
                        "real time",
                        later + " was submitted after " + highest + " was acknowledged, but stands before it",
                        later,
                        highest);
            }
        }
    }

    /** A linearizable read has all that was acknowledged before it came, and nothing that never came to be. */
    private void checkReads(NodeLog log) {
        TreeMap<Long, Submission> highestByEnd = new TreeMap<>();
        submissions.stream()
                .filter(submission ->
                        submission.status() == Status.OK && submission.durable() && submission.placement() != null)
                .sorted(Comparator.comparingLong(Submission::completed))
                .forEach(submission -> {
                    Map.Entry<Long, Submission> last = highestByEnd.lastEntry();
                    if (last == null || lastId(submission) > lastId(last.getValue())) {
                        highestByEnd.put(submission.completed(), submission);
                    }
                });
        for (ListRead read : reads) {
            Map.Entry<Long, Submission> before = highestByEnd.lowerEntry(read.invoked());
            if (before != null && read.lastId() < lastId(before.getValue())) {
                report(
                        "stale read",
                        "read #" + read.id() + " by " + read.process() + " ended at id " + read.lastId() + " though "
                                + before.getValue() + " was acknowledged before",
                        before.getValue());
            }
            if (read.lastId() > log.messages().size()) {
                report(
                        "durability",
                        "read #" + read.id() + " by " + read.process() + " saw id " + read.lastId()
                                + ", the log ends at " + log.messages().size());
            }
        }
    }

    private static long lastId(Submission submission) {
        Submission.Placement placement = submission.placement();
        return placement == null ? 0 : placement.lastId();
    }

    private void report(String rule, String message, Submission... named) {
        report(rule, message, List.of(named));
    }

    private void report(String rule, String message, List<Submission> named) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(new Violation(
                    rule, message, named.stream().map(Submission::id).toList()));
        }
    }
}
