package io.replog.cli.demo;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.kv.KeyWritten;
import io.replog.api.log.LogDigest;
import io.replog.api.message.Appended;
import io.replog.api.message.Message;
import io.replog.cli.cluster.Await;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Many clients at once; every node has the same order. */
final class Sequential implements Demonstration {
    private static final int CLIENTS = 10;
    private static final int WRITES = 100;
    private static final Duration SETTLED = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "sequential";
    }

    @Override
    public String title() {
        return "Many clients at once, the same order everywhere";
    }

    @Override
    public String question() {
        return "Ten clients send 100 messages and 100 key-value writes each, at the same time and through different nodes."
                + " All nodes have to end with the same messages in the same order and the same values, and each client's"
                + " own messages in the order in which it sent them.";
    }

    @Override
    public String limits() {
        return "Each client waits for its answer before it sends the next, so its own order is defined. The order between"
                + " clients is whatever the leader made of it; any order would do, as long as it is the same.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting a master and two secondaries.");
        try (LocalCluster cluster = stage.cluster(2, Map.of())) {
            stage.say("Ten clients write at once.");
            double from = stage.now();
            List<CompletableFuture<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                LocalNode entry = cluster.nodes().get(i % cluster.nodes().size());
                clients.add(stage.begin("client", "client " + i, () -> write(entry, number))
                        .thenApply(Stage.Timed::value));
            }
            int failed = clients.stream().mapToInt(CompletableFuture::join).sum();
            double took = stage.now() - from;
            stage.observe("2,000 writes of 10 clients", took);
            stage.observe("writes a second", String.format(Locale.ROOT, "%.0f", 2 * CLIENTS * WRITES / took));
            stage.expect("every write is acknowledged", failed == 0, failed + " failed");

            List<Message> order = committed(cluster.awaitLeader());
            stage.expect(
                    "there are 1,000 messages with ids 1 to 1,000",
                    order.size() == CLIENTS * WRITES
                            && order.getFirst().id() == 1
                            && order.getLast().id() == (long) CLIENTS * WRITES,
                    order.size() + " messages");
            stage.expect("each client's messages stand in its own order", inOwnOrder(order), "checked all ten clients");
            long last = cluster.awaitLeader().client().cluster().commitIndex();
            Set<String> digests = new HashSet<>();
            for (LocalNode node : cluster.nodes()) {
                Await.until(
                        SETTLED,
                        () -> committed(node).size() >= order.size()
                                && digest(node, last).isPresent());
                stage.expect(
                        node.id() + " lists the same messages in the same order",
                        committed(node).equals(order),
                        committed(node).size() + " messages");
                String digest = digest(node, last).map(LogDigest::digest).orElse("none");
                digests.add(digest);
                stage.say("Digest of " + node.id() + "'s log up to index " + last + ": " + digest + ".");
                stage.mark(node.id(), Mark.NOTE, "digest " + digest);
            }
            stage.expect("the logs are equal, entry by entry", digests.size() == 1, "digests " + digests);
            Set<String> states = new HashSet<>();
            cluster.nodes()
                    .forEach(node -> states.add(node.client()
                            .dump("", ReadOptions.DEFAULT.withMinIndex(last, SETTLED))
                            .entries()
                            .toString()));
            stage.expect("the key-value states are equal", states.size() == 1, states.size() + " different state(s)");
            stage.story()
                    .analysis(
                            "All writes go through one leader, which gives each a place in one log; followers store that"
                                    + " log and apply it in its order. So 2,000 concurrent writes in "
                                    + Stage.seconds(took)
                                    + " left one history, and the digest over all entries is the same on all nodes.");
        }
    }

    private static int write(LocalNode entry, int number) {
        int failed = 0;
        try (ReplogClient client = ReplogClient.of(entry.url())) {
            for (int i = 0; i < WRITES; i++) {
                WriteOutcome<Appended> post = client.post(number + ":" + i);
                WriteOutcome<KeyWritten> put = client.put("shared" + i % 10, number + ":" + i, WriteOptions.DEFAULT);
                failed += post instanceof Acknowledged ? 0 : 1;
                failed += put instanceof Acknowledged ? 0 : 1;
            }
        }
        return failed;
    }

    private static boolean inOwnOrder(List<Message> order) {
        int[] next = new int[CLIENTS];
        for (Message message : order) {
            String[] parts = message.message().split(":", 2);
            int number = Integer.parseInt(parts[0]);
            if (Integer.parseInt(parts[1]) != next[number]++) {
                return false;
            }
        }
        return true;
    }

    private static List<Message> committed(LocalNode node) {
        return node.client().messages(ReadOptions.DEFAULT.withRead("committed")).messages();
    }

    private static Optional<LogDigest> digest(LocalNode node, long index) {
        return node.client().digest(index);
    }
}
