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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code w} decides how many members a write waits for. */
final class WriteConcern implements Demonstration {
    private static final Duration SETTLED = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "write-concern";
    }

    @Override
    public String title() {
        return "w says how many members a write waits for";
    }

    @Override
    public String question() {
        return "The master stores at once, one secondary after 1 s, the other after 3 s. With w=1, 2 and 3 a POST has to"
                + " return after about 0, 1 and 3 s, and each node lists what it has stored by then.";
    }

    @Override
    public String limits() {
        return "Each message is posted when the one before is stored everywhere, so that delays do not add up. One message"
                + " for each w: times are single measurements.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting a master and two secondaries.");
        try (LocalCluster cluster = stage.cluster(2, Map.of());
                ReplogClient client = stage.client(cluster)) {
            client.post("warm-up").orThrow();
            delay(stage, cluster.node("secondary-1"), "1s");
            delay(stage, cluster.node("secondary-2"), "3s");

            double[] took = new double[4];
            double[] least = {0, 0, 1, 3};
            double[] below = {0, 1, 3, 10};
            for (int w = 1; w <= 3; w++) {
                int members = w;
                stage.say("Posting a message with w=" + w + ".");
                Stage.Timed<WriteOutcome<Appended>> post = stage.timed(
                        "client",
                        "POST w=" + w,
                        () -> client.post("Msg" + members, WriteOptions.DEFAULT.withW(Integer.toString(members))));
                took[w] = post.seconds();
                List<String> have = new ArrayList<>();
                for (LocalNode node : cluster.nodes()) {
                    List<String> list = Stage.listOf(node);
                    stage.say("Now " + node.id() + " lists " + list + ".");
                    if (list.contains("Msg" + w)) {
                        have.add(node.id());
                    }
                }
                stage.observe("POST w=" + w, post.seconds());
                stage.expect(
                        "w=" + w + " is acknowledged after " + (int) least[w] + " s or a little more",
                        post.value() instanceof Acknowledged && took[w] >= least[w] && took[w] < below[w],
                        "it took " + Stage.seconds(took[w]));
                stage.expect("at least " + w + " nodes list it then", have.size() >= w, "these list it: " + have);
                long id = post.value().orThrow().id();
                client.acks(id, SETTLED);
            }
            List<String> all = List.of("warm-up", "Msg1", "Msg2", "Msg3");
            for (LocalNode node : cluster.nodes()) {
                List<String> list = Stage.listOf(node);
                stage.expect(node.id() + " has all messages in the end", list.equals(all), "it lists " + list);
            }
            stage.story()
                    .analysis("w=1 took " + Stage.seconds(took[1]) + ", w=2 " + Stage.seconds(took[2]) + ", w=3 "
                            + Stage.seconds(took[3])
                            + ". The answer waits for the w-th fastest member; the others get the message all the same,"
                            + " later: w changes when the client is told, never what is replicated.");
        }
    }

    private static void delay(Stage stage, LocalNode node, String delay) {
        node.client().setFaults(new Faults(delay, null, null, null, null, null));
        stage.mark(node.id(), Mark.FAULT, "delay " + delay);
        stage.say(node.id() + " now waits " + delay + " before it stores.");
    }
}
