package io.replog.cli.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.checker.KeyVersion;
import io.replog.checker.KvOperation;
import io.replog.checker.KvOperation.Kind;
import io.replog.checker.KvOperation.Observation;
import io.replog.checker.ListRead;
import io.replog.checker.ListWindow;
import io.replog.checker.NodeLog;
import io.replog.checker.Status;
import io.replog.checker.Submission;
import io.replog.checker.Verdict;
import io.replog.checker.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final int MILLION = 1_000_000;

    private final History history = new History(MILLION);

    private void post(long id, String text, long messageId, long invoked, long completed) {
        Submission.Placement placement = new Submission.Placement(messageId, messageId, 2, List.of("a", "b"));
        history.add(new Submission(id, "c" + id, null, List.of(text), true, Status.OK, placement, invoked, completed));
    }

    private void key(long id, Kind kind, String argument, @Nullable String saw, long invoked, long completed) {
        history.add(new KvOperation(
                id, "c" + id, kind, "k", argument, Status.OK, new Observation(saw), invoked, completed));
    }

    private void log(String node, String... texts) {
        NodeLog.Message[] messages = new NodeLog.Message[texts.length];
        for (int i = 0; i < texts.length; i++) {
            messages[i] = new NodeLog.Message(i + 1L, texts[i]);
        }
        history.add(new NodeLog(node, true, List.of(messages)));
    }

    private void assertViolation(String rule, Long... operations) {
        assertThat(history.judge()).isInstanceOfSatisfying(Verdict.Violated.class, violated -> {
            assertThat(violated.violations()).extracting(Violation::rule).contains(rule);
            assertThat(violated.violations().stream()
                            .filter(violation -> violation.rule().equals(rule))
                            .flatMap(violation -> violation.operations().stream()))
                    .contains(operations);
        });
    }

    @Test
    void passesWhatIsAsItShouldBe() {
        post(1, "m1", 1, 0, 10);
        post(2, "m2", 2, 20, 30);
        log("a", "m1", "m2");
        log("b", "m1", "m2");
        history.add(new ListRead(3, "c3", 2, 40, 50));
        key(4, Kind.PUT, "x", null, 0, 10);
        key(5, Kind.GET, "", "x", 20, 30);

        assertThat(history.judge()).isEqualTo(new Verdict.Passed(5));
    }

    @Test
    void namesALostMessage() {
        post(1, "m1", 1, 0, 10);
        post(2, "m2", 2, 20, 30);
        log("a", "m1");

        assertViolation("durability", 2L);
    }

    @Test
    void namesAMessageThatIsThereTwice() {
        post(1, "m1", 1, 0, 10);
        log("a", "m1", "m1");

        assertViolation("exactly once", 1L);
    }

    @Test
    void namesMessagesInTheWrongOrder() {
        post(1, "m1", 2, 0, 10);
        post(2, "m2", 1, 20, 30);
        log("a", "m2", "m1");

        assertViolation("real time", 1L, 2L);
    }

    @Test
    void namesAStaleRead() {
        key(1, Kind.PUT, "old", null, 0, 10);
        key(2, Kind.PUT, "new", "old", 20, 30);
        key(3, Kind.GET, "", "old", 40, 50);

        assertViolation("linearizability", 3L);
    }

    @Test
    void namesAListThatLacksWhatWasAcknowledgedBefore() {
        post(1, "m1", 1, 0, 10);
        history.add(new ListRead(2, "c2", 0, 20, 30));
        log("a", "m1");

        assertViolation("stale read", 1L);
    }

    @Test
    void namesACommittedReadOfWhatVanished() {
        post(1, "m1", 1, 0, 10);
        history.add(new ListWindow(2, "c2", "b", true, List.of(new NodeLog.Message(1, "m0"))));
        log("a", "m1");

        assertViolation("committed read", 2L);
    }

    @Test
    void namesAReadThatLacksTheOwnWrite() {
        history.add(new KeyVersion(1, "c1", "k", 4, "old", 5));

        assertViolation("read your writes", 1L);
    }

    @Test
    void comesBackFromAFileAsItWas(@TempDir Path folder) throws IOException {
        post(1, "m1", 1, 0, 10);
        log("a", "m1");
        key(2, Kind.DELETE, "", null, 0, 10);
        key(3, Kind.PUT, "ü \"quoted\"\n", null, 20, 30);
        history.add(new ListRead(4, "c4", 1, 20, 30));
        history.add(new ListWindow(6, "c6", "a", false, List.of(new NodeLog.Message(1, "m1"))));
        history.add(new KeyVersion(3, "c3", "k", 7, "ü", 0));
        history.add(new HistoryLine.Fault(5, "kill a"));
        history.add(new KvOperation(5, "c5", Kind.GET, "k", "", Status.UNKNOWN, null, 1, 2));
        Path file = folder.resolve("history.ndjson");
        Path again = folder.resolve("again.ndjson");

        history.write(file);
        History read = History.read(file);
        read.write(again);

        assertThat(again).hasSameTextualContentAs(file);
        assertThat(read.size()).isEqualTo(6);
        assertThat(read.faults()).containsExactly("kill a");
        assertThat(read.judge()).isEqualTo(new Verdict.Passed(6));
    }

    @Test
    void namesALineThatIsNone(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("history.ndjson"), "\n{\"type\":\"poem\"}\n");

        assertThatThrownBy(() -> History.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void isFullAtItsBound() {
        History small = new History(1);
        small.add(new ListRead(1, "c", 0, 0, 1));

        assertThat(small.isFull()).isTrue();
    }

    /** Ten clients on keys that change hands as in a check; the order in which the store took them is their truth. */
    @Test
    @Timeout(60)
    void judgesAMillionOperationsInAMinute() {
        Random random = new Random(3);
        int clients = 10;
        long now = 0;
        String[] values = new String[8];
        for (int id = 1; id <= MILLION; id++) {
            int generation = id / 2_000;
            if (id % 2_000 == 0) {
                values = new String[8];
            }
            int which = random.nextInt(values.length);
            String before = values[which];
            boolean read = random.nextBoolean();
            String argument = read ? "" : "v" + id;
            // The moment of effect lies within; neighbours overlap as far as ten clients can.
            long invoked = now - random.nextInt(20 * clients);
            long completed = now + 1 + random.nextInt(20 * clients);
            boolean lost = random.nextInt(100) == 0;
            history.add(new KvOperation(
                    id,
                    "client-" + id % clients,
                    read ? Kind.GET : Kind.PUT,
                    generation + "/" + which,
                    argument,
                    lost ? Status.UNKNOWN : Status.OK,
                    lost ? null : new Observation(before),
                    invoked,
                    completed));
            if (!read) {
                values[which] = argument;
            }
            now += 20;
        }

        assertThat(history.judge()).isEqualTo(new Verdict.Passed(MILLION));
    }
}
