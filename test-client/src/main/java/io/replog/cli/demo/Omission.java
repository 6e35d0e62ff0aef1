package io.replog.cli.demo;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.fault.ClientFaults;
import io.replog.api.fault.Faults;
import io.replog.api.kv.KeyHashed;
import io.replog.api.kv.KeyValue;
import io.replog.api.message.Appended;
import io.replog.checker.Fnv1a;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story.Mark;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Requests and replies get lost; every operation succeeds, once. */
final class Omission implements Demonstration {
    private static final int OPERATIONS = 100;
    private static final double LOSS = 0.2;

    @Override
    public String name() {
        return "omission";
    }

    @Override
    public String title() {
        return "A fifth of requests and a fifth of replies get lost";
    }

    @Override
    public String question() {
        return "All nodes drop 20 % of the requests and 20 % of the replies. 100 posts and a chain of 100 hashes, each on"
                + " the value before, have to succeed, each exactly once: a repeat that took effect twice would break the"
                + " chain.";
    }

    @Override
    public String limits() {
        return "What is lost is lost at the nodes' HTTP; the connection is closed, so the client notices at once. Losses"
                + " that show themselves by silence alone cost the client the time until it asks for the node's health.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting a master and two secondaries.");
        try (LocalCluster cluster = stage.cluster(2, Map.of());
                ReplogClient client = stage.client(cluster)) {
            for (LocalNode node : cluster.nodes()) {
                node.client().setFaults(new Faults(null, null, new ClientFaults(LOSS, LOSS, null), null, null, null));
                stage.mark(node.id(), Mark.FAULT, "drops 20 % + 20 %");
            }
            stage.say("Every node now drops 20 % of the requests and 20 % of the replies.");

            List<String> texts = new ArrayList<>();
            int failed = 0;
            int sent = 0;
            int replayed = 0;
            for (int i = 1; i <= OPERATIONS; i++) {
                String text = "message " + i;
                texts.add(text);
                WriteOutcome<Appended> post = client.post(text);
                failed += post instanceof Acknowledged ? 0 : 1;
                sent += post.attempts();
                replayed += post instanceof Acknowledged<Appended> done && done.replayed() ? 1 : 0;
            }
            stage.say("100 messages are posted; it took " + sent + " requests.");
            String own = "";
            for (int i = 1; i <= OPERATIONS; i++) {
                WriteOutcome<KeyHashed> hash = client.hash("chain", "link " + i, WriteOptions.DEFAULT);
                own = Fnv1a.hash(own + "link " + i);
                failed += hash instanceof Acknowledged ? 0 : 1;
                sent += hash.attempts();
                replayed += hash instanceof Acknowledged<KeyHashed> done && done.replayed() ? 1 : 0;
            }
            stage.story().span("client", 0, stage.now(), Mark.DONE, "200 writes");
            stage.observe("requests sent for 200 writes", Integer.toString(sent));
            stage.observe("answers lost and given again", Integer.toString(replayed));
            stage.observe(
                    "share of requests that got no answer",
                    String.format(Locale.ROOT, "%.0f %%", 100.0 * (sent - 2 * OPERATIONS) / sent));
            stage.expect("every operation succeeds", failed == 0, failed + " of 200 failed");
            stage.expect("some requests had to be repeated", sent > 2 * OPERATIONS, sent + " requests");

            cluster.nodes().forEach(node -> node.client().heal());
            stage.say("The faults are healed.");
            List<String> list = Stage.listOf(cluster.awaitLeader());
            int distinct = new HashSet<>(list).size();
            stage.expect(
                    "each message is there once, in the order in which it was posted",
                    list.equals(texts),
                    list.size() + " messages, " + distinct + " different");
            String chain = client.get("chain", ReadOptions.DEFAULT)
                    .map(KeyValue::value)
                    .orElse("absent");
            stage.expect("the chain of hashes equals the client's own", chain.equals(own), chain + " and " + own);
            stage.story()
                    .analysis("Of " + sent + " requests " + (sent - 2 * OPERATIONS)
                            + " got no answer. Of those whose reply alone was lost, " + replayed
                            + " were answered from the deduplication table when they came again: the node recognised"
                            + " their idempotency key and did not work on them twice.");
        }
    }
}
