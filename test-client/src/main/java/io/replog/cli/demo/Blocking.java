package io.replog.cli.demo;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.fault.Faults;
import io.replog.api.message.Appended;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story.Mark;
import java.util.List;
import java.util.Map;

/** A write with {@code w=all} takes as long as its slowest member. */
final class Blocking implements Demonstration {
    private static final double DELAY = 2;

    @Override
    public String name() {
        return "blocking";
    }

    @Override
    public String title() {
        return "A write waits for its slowest member";
    }

    @Override
    public String question() {
        return "One secondary takes 2 s to store what it gets. A POST that asks for all members has to take 2 s, and every"
                + " node lists the message when it returns.";
    }

    @Override
    public String limits() {
        return "The delay is injected before the store, in the secondary; a slow network or disk shows itself the same way,"
                + " but was not used here. One run, one machine.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting a master and two secondaries.");
        try (LocalCluster cluster = stage.cluster(2, Map.of());
                ReplogClient client = stage.client(cluster)) {
            Stage.Timed<WriteOutcome<Appended>> before =
                    stage.timed("client", "POST w=all, no delay", () -> client.post("before", all()));
            stage.observe("POST w=all without a delay", before.seconds());

            LocalNode slow = cluster.node("secondary-2");
            slow.client().setFaults(new Faults("2s", null, null, null, null, null));
            stage.mark(slow.id(), Mark.FAULT, "delay 2 s");
            stage.say("secondary-2 now waits 2 s before it stores a message. Posting with w=all.");
            Stage.Timed<WriteOutcome<Appended>> post =
                    stage.timed("client", "POST w=all, delay 2 s", () -> client.post("slow", all()));
            stage.observe("POST w=all with a delay of 2 s", post.seconds());
            stage.expect(
                    "the POST is acknowledged by all three",
                    post.value() instanceof Acknowledged<Appended> done
                            && done.value().acks().size() == 3,
                    post.value() instanceof Acknowledged<Appended> done
                            ? "acks " + done.value().acks()
                            : post.value().toString());
            stage.expect(
                    "it took at least the 2 s that its slowest member takes",
                    post.seconds() >= DELAY,
                    "it took " + Stage.seconds(post.seconds()));

            for (LocalNode node : cluster.nodes()) {
                List<String> list = Stage.listOf(node);
                stage.expect(
                        node.id() + " lists both messages in order",
                        list.equals(List.of("before", "slow")),
                        "it lists " + list);
            }

            Stage.Timed<WriteOutcome<Appended>> quick =
                    stage.timed("client", "POST w=2", () -> client.post("quick", WriteOptions.DEFAULT.withW("2")));
            stage.observe("POST w=2 with the same delay", quick.seconds());
            stage.expect(
                    "a write that needs only the two quick members does not wait for the slow one",
                    quick.seconds() < DELAY,
                    "it took " + Stage.seconds(quick.seconds()));
            stage.story()
                    .analysis("Without a delay the POST took " + Stage.seconds(before.seconds())
                            + "; with one slow member " + Stage.seconds(post.seconds()) + ", that is the delay of "
                            + Stage.seconds(DELAY) + " and " + Stage.seconds(post.seconds() - DELAY)
                            + " for everything else. The leader sends to all members at once and waits for the last"
                            + " acknowledgement that w asks for, so the slowest needed member decides, not the sum.");
        }
    }

    private static WriteOptions all() {
        return WriteOptions.DEFAULT.withW("all");
    }
}
