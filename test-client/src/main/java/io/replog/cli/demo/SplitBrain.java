package io.replog.cli.demo;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.RefusedException;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.ReplogException;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.fault.Faults;
import io.replog.api.fault.PeerFaults;
import io.replog.api.log.LogDigest;
import io.replog.api.message.Appended;
import io.replog.cli.cluster.Await;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story.Mark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The old leader is cut off and does not know it yet. */
final class SplitBrain implements Demonstration {
    private static final Duration SETTLED = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "split-brain";
    }

    @Override
    public String title() {
        return "A leader that is cut off acknowledges nothing";
    }

    @Override
    public String question() {
        return "The leader is cut off from both other nodes and goes on talking to clients. Its writes must be refused or"
                + " undone, never acknowledged at majority; it must give no stale linearizable answer; the others elect a"
                + " new leader. After the cut is healed all logs are equal.";
    }

    @Override
    public String limits() {
        return "The cut is made by the nodes themselves, which let nothing pass to or from each other; the tests cut real"
                + " networks too. Clients reach both sides all the time.";
    }

    @Override
    public void perform(Stage stage) {
        stage.say("Starting a master and two secondaries.");
        try (LocalCluster cluster = stage.cluster(2, Map.of());
                ReplogClient client = stage.client(cluster)) {
            client.post("before the cut", WriteOptions.DEFAULT.withW("all")).orThrow();
            client.put("key", "old", WriteOptions.DEFAULT).orThrow();
            LocalNode old = cluster.awaitLeader();
            List<LocalNode> others =
                    cluster.nodes().stream().filter(node -> !node.equals(old)).toList();

            stage.say("Cutting " + old.id() + ", the leader, off from "
                    + String.join(" and ", others.stream().map(LocalNode::id).toList()) + ".");
            double cut = stage.now();
            old.client().setFaults(blocking(others));
            String lonely = "w=1 at the old leader";
            WriteOutcome<Appended> alone = stage.timed("client", "w=1 at the old leader", () -> old.client()
                            .post(lonely, options("1", 5)))
                    .value();
            stage.say("A write with w=1 at the old leader: " + describe(alone) + ".");
            stage.expect(
                    "what the old leader alone has is not called committed",
                    !(alone instanceof Acknowledged<Appended> done)
                            || !done.value().committed(),
                    describe(alone));
            Stage.Timed<WriteOutcome<Appended>> majority =
                    stage.timed("client", "w=majority at the old leader", () -> old.client()
                            .post("minority", options("majority", 4)));
            stage.expect(
                    "a write at majority is not acknowledged by the old leader",
                    !(majority.value() instanceof Acknowledged),
                    describe(majority.value()) + " after " + Stage.seconds(majority.seconds()));

            boolean elected = Await.until(SETTLED, () -> newLeader(cluster, old) != null);
            LocalNode leader = newLeader(cluster, old);
            stage.expect(
                    "the two others elect a leader",
                    elected && leader != null,
                    String.valueOf(leader == null ? null : leader.id()));
            if (leader == null) {
                return;
            }
            stage.observe("from the cut until another node says that it leads", stage.electedAfter(cut));
            WriteOutcome<Appended> fresh = leader.client().post("after the cut", options("majority", 20));
            leader.client().put("key", "new", WriteOptions.DEFAULT).orThrow();
            stage.expect("the new leader takes writes", fresh instanceof Acknowledged, describe(fresh));

            String read = linearizableRead(old);
            stage.expect("the old leader gives no stale linearizable answer", !read.equals("old"), read);
            boolean readOnly = Await.until(
                    SETTLED,
                    () -> old.health().filter(health -> health.readOnly()).isPresent());
            stage.expect("the old leader knows that it is read-only", readOnly, "its health says so");
            WriteOutcome<Appended> refused = old.client().post("too late", options("1", 2));
            stage.expect(
                    "now the old leader refuses w=1 too", refused instanceof WriteOutcome.NotStored, describe(refused));

            stage.say("Healing the cut.");
            old.client().heal();
            stage.story().span(old.id(), cut, stage.now(), Mark.FAULT, "cut off");
            double healed = stage.now();
            long last = leader.client().cluster().commitIndex();
            for (LocalNode node : cluster.nodes()) {
                Await.until(SETTLED, () -> digest(node, last).equals(digest(leader, last)));
            }
            stage.observe("from healing until the logs are equal", stage.now() - healed);
            Set<String> digests = new HashSet<>();
            Set<List<String>> lists = new HashSet<>();
            cluster.nodes().forEach(node -> {
                digests.add(digest(node, last));
                lists.add(Stage.listOf(node));
            });
            List<String> expected = List.of("before the cut", "after the cut");
            stage.expect("the logs are equal", digests.size() == 1, "digests " + digests);
            stage.expect(
                    "every node lists what was acknowledged at majority, and nothing else",
                    lists.equals(Set.of(expected)),
                    "lists " + lists);
            if (alone instanceof Acknowledged) {
                boolean kept = Await.until(SETTLED, () -> rolledBack(old, lonely));
                stage.expect(
                        "the old leader's own write was undone and lies in its rollbacks folder",
                        kept,
                        kept ? "found there" : "not found");
            }
            stage.story()
                    .analysis(
                            "The old leader could store, but no majority did, so nothing of its own was committed; when"
                                    + " it heard from no majority it turned read-only. The new leader's term is newer, and when the"
                                    + " cut was healed its log replaced what the old one had written alone. w=1 says that the"
                                    + " leader alone has it: that is the price of not waiting.");
        }
    }

    private static WriteOptions options(String w, int seconds) {
        return WriteOptions.DEFAULT.withW(w).withTimeout(Duration.ofSeconds(seconds));
    }

    private static Faults blocking(List<LocalNode> others) {
        List<String> ids = others.stream().map(LocalNode::id).toList();
        return new Faults(null, null, null, PeerFaults.blocking(ids), null, null);
    }

    private static @Nullable LocalNode newLeader(LocalCluster cluster, LocalNode old) {
        return cluster.nodes().stream()
                .filter(node -> !node.equals(old))
                .filter(node -> node.health()
                        .filter(health -> health.role().equals("leader") && health.quorum())
                        .isPresent())
                .findFirst()
                .orElse(null);
    }

    private static String linearizableRead(LocalNode node) {
        try {
            return node.client()
                    .get("key", ReadOptions.DEFAULT)
                    .map(found -> found.value())
                    .orElse("absent");
        } catch (RefusedException e) {
            return "refused with " + e.problem().status();
        } catch (ReplogException e) {
            return "no answer";
        }
    }

    private static String digest(LocalNode node, long index) {
        return node.client().digest(index).map(LogDigest::digest).orElse("none");
    }

    private static boolean rolledBack(LocalNode node, String text) {
        Path folder = node.dataDirectory().resolve("rollbacks");
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains(text)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(WriteOutcome<Appended> outcome) {
        return switch (outcome) {
            case Acknowledged<Appended> done ->
                "acknowledged by " + done.value().acks() + ", committed: "
                        + done.value().committed();
            case WriteOutcome.NotStored<Appended> refused ->
                "not stored (" + refused.problem().status() + ")";
            case WriteOutcome.Unknown<Appended> unknown ->
                "unknown (" + unknown.problem().status() + ")";
        };
    }
}
