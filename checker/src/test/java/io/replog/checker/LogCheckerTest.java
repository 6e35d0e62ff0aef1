package io.replog.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.checker.NodeLog.Message;
import io.replog.checker.Submission.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogCheckerTest {
    private final List<Submission> submissions = new ArrayList<>();
    private final List<ListRead> reads = new ArrayList<>();
    private final List<ListWindow> windows = new ArrayList<>();
    private final List<NodeLog> logs = new ArrayList<>();
    private long now;

    private Submission submit(@Nullable String key, boolean durable, Status status, long firstId, String... texts) {
        Placement placement =
                status == Status.OK ? new Placement(firstId, firstId + texts.length - 1, 2, List.of("a", "b")) : null;
        Submission submission = new Submission(
                submissions.size() + 1L, "c", key, List.of(texts), durable, status, placement, now, now + 5);
        now += 10;
        submissions.add(submission);
        return submission;
    }

    private Submission acknowledged(long id, String text) {
        return submit(null, true, Status.OK, id, text);
    }

    private void lists(String node, String... texts) {
        logs.add(new NodeLog(
                node,
                true,
                IntStream.range(0, texts.length)
                        .mapToObj(i -> new Message(i + 1L, texts[i]))
                        .toList()));
    }

    private void accepted() {
        assertThat(LogChecker.check(submissions, reads, windows, logs)).isInstanceOf(Verdict.Passed.class);
    }

    private void refusedFor(String rule, Submission... named) {
        Verdict verdict = LogChecker.check(submissions, reads, windows, logs);
        assertThat(verdict).isInstanceOf(Verdict.Violated.class);
        Violation violation = ((Verdict.Violated) verdict)
                .violations().stream()
                        .filter(found -> found.rule().equals(rule))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("not refused for " + rule + " but " + verdict));
        for (Submission submission : named) {
            assertThat(violation.operations()).contains(submission.id());
        }
    }

    @Test
    void accepts_a_log_that_kept_its_promises() {
        acknowledged(1, "one");
        submit(null, true, Status.OK, 2, "two", "three");
        submit(null, true, Status.UNKNOWN, 0, "lost on the way");
        submit(null, true, Status.UNKNOWN, 0, "stored all the same");
        submit(null, true, Status.REFUSED, 0, "refused");
        submit(null, false, Status.OK, 5, "w=1 and rolled back");
        submit("key", true, Status.UNKNOWN, 0, "again");
        submit("key", true, Status.OK, 5, "again");
        submit("key", true, Status.OK, 5, "again");
        reads.add(new ListRead(1, "r", 5, now, now));
        lists("a", "one", "two", "three", "stored all the same", "again");
        lists("b", "one", "two", "three", "stored all the same", "again");
        accepted();
    }

    @Test
    void accepts_a_shorter_list_that_is_not_said_to_be_complete() {
        acknowledged(1, "one");
        acknowledged(2, "two");
        lists("a", "one", "two");
        logs.add(new NodeLog("b", false, List.of(new Message(1, "one"))));
        accepted();
    }

    @Test
    void refuses_a_lost_write() {
        acknowledged(1, "one");
        Submission lost = acknowledged(2, "two");
        lists("a", "one");
        refusedFor("durability", lost);
    }

    @Test
    void refuses_a_lost_write_whose_place_another_took() {
        Submission lost = acknowledged(1, "one");
        submit(null, true, Status.UNKNOWN, 0, "other");
        lists("a", "other");
        refusedFor("durability", lost);
    }

    @Test
    void refuses_a_duplicate() {
        Submission twice = acknowledged(1, "one");
        lists("a", "one", "one");
        refusedFor("exactly once", twice);
    }

    @Test
    void refuses_a_repeat_that_was_stored_again() {
        Submission first = submit("key", true, Status.UNKNOWN, 0, "one");
        Submission second = submit("key", true, Status.OK, 2, "one");
        lists("a", "one", "one");
        refusedFor("exactly once", first, second);
    }

    @Test
    void refuses_what_was_refused() {
        Submission refused = submit(null, true, Status.REFUSED, 0, "no");
        lists("a", "no");
        refusedFor("not stored", refused);
    }

    @Test
    void refuses_a_message_from_nowhere() {
        lists("a", "ghost");
        refusedFor("from nowhere");
    }

    @Test
    void refuses_different_orders() {
        submit(null, true, Status.UNKNOWN, 0, "one");
        submit(null, true, Status.UNKNOWN, 0, "two");
        lists("a", "one", "two");
        lists("b", "two", "one");
        refusedFor("same order");
    }

    @Test
    void refuses_a_node_that_stays_behind() {
        acknowledged(1, "one");
        lists("a", "one");
        lists("b");
        refusedFor("convergence");
    }

    @Test
    void refuses_a_gap_in_the_ids() {
        acknowledged(1, "one");
        acknowledged(3, "three");
        logs.add(new NodeLog("a", true, List.of(new Message(1, "one"), new Message(3, "three"))));
        refusedFor("dense ids");
    }

    @Test
    void refuses_an_order_against_real_time() {
        Submission first = acknowledged(2, "first");
        Submission second = acknowledged(1, "second");
        lists("a", "second", "first");
        refusedFor("real time", first, second);
    }

    @Test
    void refuses_too_few_acknowledgements() {
        Submission twice = new Submission(
                1, "c", null, List.of("one"), true, Status.OK, new Placement(1, 1, 2, List.of("a", "a")), 0, 5);
        submissions.add(twice);
        lists("a", "one");
        refusedFor("write concern", twice);
    }

    @Test
    void refuses_a_stale_list() {
        Submission missing = acknowledged(1, "one");
        reads.add(new ListRead(1, "r", 0, now, now + 1));
        lists("a", "one");
        refusedFor("stale read", missing);
    }

    @Test
    void refuses_a_list_that_showed_what_then_vanished() {
        reads.add(new ListRead(1, "r", 1, now, now + 1));
        lists("a");
        refusedFor("durability");
    }

    private void sees(boolean committed, long from, String... texts) {
        windows.add(new ListWindow(
                90,
                "r",
                "a",
                committed,
                IntStream.range(0, texts.length)
                        .mapToObj(i -> new Message(from + i, texts[i]))
                        .toList()));
    }

    @Test
    void accepts_old_reads_and_local_ones_of_what_is_rolled_back_later() {
        acknowledged(1, "one");
        acknowledged(2, "two");
        submit(null, false, Status.OK, 3, "rolled back");
        lists("a", "one", "two");
        sees(true, 1, "one");
        sees(true, 2, "two");
        sees(false, 2, "two", "rolled back");
        accepted();
    }

    @Test
    void refuses_a_committed_read_of_what_is_not_there_in_the_end() {
        acknowledged(1, "one");
        submit(null, false, Status.OK, 2, "rolled back");
        lists("a", "one");
        sees(true, 1, "one", "rolled back");
        refusedFor("committed read");
    }

    @Test
    void refuses_a_committed_read_of_something_else() {
        acknowledged(1, "one");
        submit(null, false, Status.OK, 1, "before it");
        lists("a", "one");
        sees(true, 1, "before it");
        refusedFor("committed read");
    }

    @Test
    void refuses_a_local_read_of_what_was_refused() {
        acknowledged(1, "one");
        submit(null, true, Status.REFUSED, 0, "refused");
        lists("a", "one");
        sees(false, 1, "one", "refused");
        refusedFor("not stored");
    }

    @Test
    void refuses_a_local_read_of_what_nobody_sent() {
        lists("a");
        sees(false, 1, "ghost");
        refusedFor("from nowhere");
    }

    @Test
    void refuses_a_read_with_a_hole() {
        acknowledged(1, "one");
        acknowledged(2, "two");
        acknowledged(3, "three");
        lists("a", "one", "two", "three");
        windows.add(new ListWindow(90, "r", "a", false, List.of(new Message(1, "one"), new Message(3, "three"))));
        refusedFor("dense ids");
    }
}
