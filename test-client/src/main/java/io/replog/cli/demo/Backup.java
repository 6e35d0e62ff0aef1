package io.replog.cli.demo;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import io.replog.api.kv.Dump;
import io.replog.api.kv.KeyValue;
import io.replog.cli.cluster.Await;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story.Mark;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Primary and backup: a key-value store whose backup catches up by itself. */
final class Backup implements Demonstration {
    private static final Duration SETTLED = Duration.ofSeconds(20);

    @Override
    public String name() {
        return "backup";
    }

    @Override
    public String title() {
        return "A backup that was away is synchronised again";
    }

    @Override
    public String question() {
        return "A fixed primary and one backup. SET and GET on the primary and DUMP on the backup show the same. The backup"
                + " stops, the primary goes on; when the backup comes back its dump equals the primary's without a new"
                + " write.";
    }

    @Override
    public String limits() {
        return "With replog.failover=false the primary alone is the quorum: while the backup is away its writes are on one"
                + " disk. 'failover' and 'crash' show three nodes, of which any may fail.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting a fixed primary and one backup.");
        try (LocalCluster cluster = stage.cluster(1, Map.of("replog.failover", "false"));
                ReplogClient client = stage.client(cluster)) {
            LocalNode primary = cluster.node("master");
            LocalNode backup = cluster.node("secondary-1");
            stage.say("SET key1 value1, SET key2 value2 on the primary.");
            put(stage, client, "key1", "value1");
            put(stage, client, "key2", "value2");
            Optional<KeyValue> value = client.get("key1", ReadOptions.DEFAULT);
            stage.expect(
                    "GET key1 gives value1",
                    value.filter(found -> found.value().equals("value1")).isPresent(),
                    value.map(KeyValue::value).orElse("absent"));
            sameDump(stage, primary, backup, "DUMP on the backup shows the same as on the primary");

            stage.say("Stopping the backup.");
            double stopped = stage.now();
            backup.stop();
            put(stage, client, "key1", "changed");
            put(stage, client, "key3", "written while the backup was away");
            stage.expect("the primary goes on alone", !backup.isAlive(), "two more writes were committed");

            stage.say("Starting the backup again; nothing is written from here on.");
            double restarted = stage.now();
            cluster.start(backup.id());
            stage.story().span(backup.id(), stopped, restarted, Mark.FAULT, "down");
            double serving = stage.now();
            sameDump(stage, primary, backup, "the backup's dump equals the primary's without a new write");
            double synchronised = stage.now();
            stage.observe("start of the backup until it serves", serving - restarted);
            stage.observe("start of the backup until it is synchronised", synchronised - restarted);
            stage.story()
                    .analysis(
                            "The backup asks for what follows its own last durable entry, and the primary sends it from"
                                    + " its log: so it was synchronised " + Stage.seconds(synchronised - restarted)
                                    + " after its start, and no client had to write for that.");
        }
    }

    private static void put(Stage stage, ReplogClient client, String key, String value) {
        stage.timed("client", "PUT " + key, () -> client.put(key, value, WriteOptions.DEFAULT))
                .value()
                .orThrow();
    }

    private static void sameDump(Stage stage, LocalNode primary, LocalNode backup, String promise) {
        List<Dump.Pair> expected = dump(primary);
        Await.until(SETTLED, () -> dump(backup).equals(expected));
        List<Dump.Pair> seen = dump(backup);
        stage.say("DUMP on " + backup.id() + ": "
                + String.join(
                        ", ",
                        seen.stream()
                                .map(pair -> pair.key() + "=" + pair.value())
                                .toList()) + ".");
        stage.expect(
                promise,
                seen.equals(expected),
                seen.size() + " keys on the backup, " + expected.size() + " on the primary");
    }

    private static List<Dump.Pair> dump(LocalNode node) {
        return node.client().dump("", ReadOptions.DEFAULT).entries();
    }
}
