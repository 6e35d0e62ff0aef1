package io.replog.cli.demo;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.message.Appended;
import io.replog.cli.cluster.Await;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story.Mark;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The classic self-check of a replicated log. */
final class SelfCheck implements Demonstration {
    private static final Duration SETTLED = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "self-check";
    }

    @Override
    public String title() {
        return "A blocked write holds nobody back, and completes when the member comes";
    }

    @Override
    public String question() {
        return "With master and one secondary up: Msg1 w=1 and Msg2 w=2 return, Msg3 w=3 waits, Msg4 w=1 returns"
                + " meanwhile. When the second secondary starts, Msg3 completes, and the newcomer lists all four in order.";
    }

    @Override
    public String limits() {
        return "The second secondary joins with an empty disk; one that comes back with a part of the log is shown by"
                + " 'backup'.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting the master and secondary-1; secondary-2 stays down.");
        try (LocalCluster cluster = stage.layOut(2, Map.of())) {
            stage.mark("secondary-2", Mark.FAULT, "not started");
            cluster.start("master", "secondary-1");
            try (ReplogClient client = stage.client(cluster)) {
                returns(stage, client, "Msg1", "1");
                returns(stage, client, "Msg2", "2");
                stage.say("Posting Msg3 with w=3: only two members are up.");
                WriteOptions patient = WriteOptions.DEFAULT.withW("3").withTimeout(Duration.ofMinutes(2));
                CompletableFuture<Stage.Timed<WriteOutcome<Appended>>> third =
                        stage.begin("client", "Msg3 w=3", () -> client.post("Msg3", patient));
                // The order of the log is the order of arrival: Msg4 is to come second.
                LocalNode master = cluster.node("master");
                Await.until(SETTLED, () -> Stage.listOf(master).contains("Msg3"));
                double fourth = returns(stage, client, "Msg4", "1");
                stage.expect("Msg3 still waits", !third.isDone(), third.isDone() ? "it returned" : "no answer yet");

                stage.say("Starting secondary-2.");
                stage.mark("secondary-2", Mark.NOTE, "starts");
                cluster.start("secondary-2");
                Stage.Timed<WriteOutcome<Appended>> blocked = third.join();
                stage.observe("Msg3 w=3 waited", blocked.seconds());
                stage.expect(
                        "Msg3 completes when secondary-2 has it",
                        blocked.value() instanceof Acknowledged<Appended> done
                                && done.value().acks().contains("secondary-2"),
                        blocked.value() instanceof Acknowledged<Appended> done
                                ? "acks " + done.value().acks()
                                : blocked.value().toString());
                LocalNode late = cluster.node("secondary-2");
                List<String> all = List.of("Msg1", "Msg2", "Msg3", "Msg4");
                Await.until(SETTLED, () -> Stage.listOf(late).size() >= all.size());
                for (LocalNode node : cluster.nodes()) {
                    List<String> list = Stage.listOf(node);
                    stage.expect(node.id() + " lists all four in order", list.equals(all), "it lists " + list);
                }
                stage.story()
                        .analysis("Msg4 returned after " + Stage.seconds(fourth) + " while Msg3 had to wait "
                                + Stage.seconds(blocked.seconds())
                                + " for a member that was down: waiting writes share nothing with the others but the"
                                + " log. Msg3 took its place in the log when it came, so the order is that of arrival,"
                                + " not of completion.");
            }
        }
    }

    private static double returns(Stage stage, ReplogClient client, String text, String w) {
        Stage.Timed<WriteOutcome<Appended>> post =
                stage.timed("client", text + " w=" + w, () -> client.post(text, WriteOptions.DEFAULT.withW(w)));
        stage.expect(
                text + " with w=" + w + " returns",
                post.value() instanceof Acknowledged,
                post.value() instanceof Acknowledged<Appended> done
                        ? "acks " + done.value().acks() + " after " + Stage.seconds(post.seconds())
                        : post.value().toString());
        return post.seconds();
    }
}
