package io.replog.cli.demo;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.cluster.ClusterView;
import io.replog.api.message.Appended;
import io.replog.api.message.Message;
import io.replog.cli.cluster.Await;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The leader is killed; how long until writes go on. */
final class Failover implements Demonstration {
    private static final int ROUNDS = 3;
    private static final double LIMIT = 10;
    private static final Duration SETTLED = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String title() {
        return "The leader is killed, and writes go on";
    }

    @Override
    public String question() {
        return "Three times the leader is killed with SIGKILL. How long until a new one acknowledges a write at majority?"
                + " Nothing that was acknowledged may be missing, and the dead node has to come back as a follower.";
    }

    @Override
    public String limits() {
        return "Three rounds on one machine with default settings (heartbeat 100 ms, election timeout 1 s). The time"
                + " depends on when the followers' timers were last set, so single values scatter by a second.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting a master and two secondaries.");
        try (LocalCluster cluster = stage.cluster(2, Map.of());
                ReplogClient client = stage.client(cluster)) {
            List<String> acknowledged = new ArrayList<>();
            List<Double> elections = new ArrayList<>();
            List<Double> writes = new ArrayList<>();
            long view = client.cluster().view();
            for (int round = 1; round <= ROUNDS; round++) {
                String before = "before failover " + round;
                client.post(before, WriteOptions.DEFAULT.withW("majority")).orThrow();
                acknowledged.add(before);
                LocalNode leader = cluster.awaitLeader();
                stage.say("Killing the leader, " + leader.id() + ".");
                double killed = stage.now();
                leader.kill();
                String after = "after failover " + round;
                Stage.Timed<WriteOutcome<Appended>> post = stage.timed(
                        "client", "POST w=majority", () -> client.post(after, WriteOptions.DEFAULT.withW("majority")));
                double first = stage.now() - killed;
                stage.expect(
                        "a write is acknowledged at majority within " + (int) LIMIT + " s",
                        post.value() instanceof Acknowledged && first <= LIMIT,
                        "after " + Stage.seconds(first));
                acknowledged.add(after);
                writes.add(first);
                LocalNode next = cluster.awaitLeader();
                elections.add(stage.electedAfter(killed));
                ClusterView now = next.client().cluster();
                stage.expect(
                        "another node leads, in a newer view",
                        !next.id().equals(leader.id()) && now.view() > view,
                        next.id() + " leads, view " + now.view() + ", term " + now.term());
                view = now.view();
                stage.say("Starting " + leader.id() + " again.");
                cluster.start(leader.id());
                stage.story().span(leader.id(), killed, stage.now(), Mark.FAULT, "down");
            }
            for (int round = 0; round < ROUNDS; round++) {
                String failover = "failover " + (round + 1) + ": from kill -9 ";
                stage.observe(failover + "until another node says that it leads", elections.get(round));
                stage.observe(failover + "until the first write is acknowledged at majority", writes.get(round));
            }
            stage.observe(
                    "median until the first write",
                    writes.stream().sorted().toList().get(ROUNDS / 2));
            for (LocalNode node : cluster.nodes()) {
                Await.until(SETTLED, () -> messages(node).equals(acknowledged));
                List<String> list = messages(node);
                stage.expect(
                        node.id() + " has all that was acknowledged, in order",
                        list.equals(acknowledged),
                        list.size() + " of " + acknowledged.size() + " messages");
            }
            double slowest = Collections.max(writes);
            int which = writes.indexOf(slowest);
            stage.story()
                    .analysis("Writes were interrupted for " + Stage.seconds(slowest) + " at most. "
                            + Stage.seconds(elections.get(which))
                            + " of it passed until another node led: a follower waits for its election timeout, drawn from"
                            + " 1 to 2 s, before it takes silence for a death, so that a leader that is merely slow is not"
                            + " replaced; the vote itself takes milliseconds, as the reports of the nodes show. In the"
                            + " remaining " + Stage.seconds(slowest - elections.get(which))
                            + " the client found the new leader, and two disks stored its write. A vote is given only to a"
                            + " candidate whose log has every committed entry, so nothing that was acknowledged at majority"
                            + " was lost.");
        }
    }

    private static List<String> messages(LocalNode node) {
        return node.client().messages(ReadOptions.DEFAULT.withRead("committed")).messages().stream()
                .map(Message::message)
                .toList();
    }
}
