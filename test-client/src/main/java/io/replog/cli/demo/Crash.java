package io.replog.cli.demo;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.fault.Faults;
import io.replog.api.kv.KeyValue;
import io.replog.api.kv.KeyWritten;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The primary dies between storing and answering; nobody notices but by the time it takes. */
final class Crash implements Demonstration {
    private static final int REQUESTS = 10;
    private static final int CRASH_AFTER = 5;

    @Override
    public String name() {
        return "crash";
    }

    @Override
    public String title() {
        return "The primary crashes in the middle of ten writes";
    }

    @Override
    public String question() {
        return "The primary halts while it works on its fifth write, after storing it and before answering. A client"
                + " appends to ten keys. Each append has to succeed, each exactly once, and the new primary has to have"
                + " all ten.";
    }

    @Override
    public String limits() {
        return "The process halts as by SIGKILL; the machine and its disks live on. Power loss of a machine is covered by"
                + " the tests of the storage on a simulated disk.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting a master and two secondaries.");
        try (LocalCluster cluster = stage.cluster(2, Map.of());
                ReplogClient client = stage.client(cluster)) {
            LocalNode primary = cluster.awaitLeader();
            primary.client().setFaults(new Faults(null, null, null, null, CRASH_AFTER, null));
            stage.say(primary.id() + " leads, and will halt while it works on its 5th write.");
            double longest = 0;
            int sent = 0;
            double crashed = stage.now();
            for (int i = 1; i <= REQUESTS; i++) {
                String key = "key" + i;
                String value = "value" + i;
                if (primary.isAlive()) {
                    crashed = stage.now();
                }
                // An append that took effect twice would show itself in the value.
                Stage.Timed<WriteOutcome<KeyWritten>> append =
                        stage.timed("client", "APPEND " + key, () -> client.append(key, value, WriteOptions.DEFAULT));
                sent += append.value().attempts();
                longest = Math.max(longest, append.seconds());
                stage.expect(
                        "write " + i + " of " + REQUESTS + " succeeds",
                        append.value() instanceof Acknowledged,
                        append.value() instanceof Acknowledged
                                ? "after " + Stage.seconds(append.seconds()) + ", sent "
                                        + append.value().attempts()
                                        + (append.value().attempts() == 1 ? " time" : " times")
                                : append.value().toString());
            }
            stage.story().span(primary.id(), crashed, stage.now(), Mark.FAULT, "halted");
            LocalNode next = cluster.awaitLeader();
            stage.expect(
                    "the old primary is dead and another node leads",
                    !primary.isAlive() && !next.id().equals(primary.id()),
                    next.id() + " leads");
            List<String> wrong = new ArrayList<>();
            for (int i = 1; i <= REQUESTS; i++) {
                String value = "value" + i;
                Optional<KeyValue> found = next.client().get("key" + i, ReadOptions.DEFAULT);
                if (found.filter(seen -> seen.value().equals(value)).isEmpty()) {
                    wrong.add("key" + i + "=" + found.map(KeyValue::value).orElse("absent"));
                }
            }
            stage.expect(
                    "the new primary has all ten, each once",
                    wrong.isEmpty(),
                    wrong.isEmpty() ? "ten of ten" : "wrong: " + wrong);
            stage.observe("longest write, over the crash", longest);
            stage.observe("requests sent for ten writes", Integer.toString(sent));
            stage.story()
                    .analysis(
                            "The write that met the crash was stored, but its answer was lost; the client sent it again"
                                    + " to the new primary with the same idempotency key, and got the answer of the first. It"
                                    + " took " + Stage.seconds(longest)
                                    + ": the time to notice the silence and to elect. The other writes did not notice.");
        }
    }
}
