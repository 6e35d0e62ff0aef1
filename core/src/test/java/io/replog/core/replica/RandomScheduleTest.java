package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.key;
import static io.replog.core.replica.Cluster.member;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.put;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.LogEntry;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Cluster.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small clusters under random cuts, losses, crashes, slow disks and changes, with the invariants checked after each
 * round. A quick net below the simulation; the seed in a failure's name replays it.
 */
class RandomScheduleTest {
    private static final int SEEDS = Integer.getInteger("replica.seeds", 10);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void whatIsPromisedHolds(int shape) {
        for (int i = 0; i < SEEDS; i++) {
            int seed = Integer.getInteger("replica.first", 0) + i;
            try {
                new Schedule(shape, seed).run();
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("shape " + shape + ", seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    private static final class Schedule {
        private final Random random;
        private final Cluster cluster;
        private final Map<Long, NodeId> leaders = new HashMap<>();
        private final Map<NodeId, Long> commits = new HashMap<>();
        private final Map<Long, Integer> committedCrc = new HashMap<>();
        private final Map<Long, String> asked = new HashMap<>();
        private final boolean hasWitness;
        private int blanks;

        Schedule(int shape, int seed) {
            random = new Random(seed * 31L + shape);
            List<Member> members = new ArrayList<>(List.of(voter("a"), voter("b"), voter("c")));
            switch (shape) {
                case 1 -> members.set(2, member("c", MemberKind.WITNESS));
                case 2 -> members.addAll(List.of(voter("d"), voter("e")));
                case 3 -> members.add(member("s", MemberKind.SPARE));
                case 4 -> members.add(member("l", MemberKind.LEARNER));
                case 5 -> members.set(0, voter("a", 3));
                case 6 -> members.addAll(List.of(voter("d"), member("w", MemberKind.WITNESS)));
                case 7 -> members.remove(2);
                default -> {}
            }
            hasWitness = shape == 1 || shape == 6;
            cluster = new Cluster(seed, members.toArray(Member[]::new));
            cluster.limits = new ReplicaConfig.Limits(400, 3, 1_000, 1_500, 32 << 20, 10_000, 50, 5_000);
        }

        void run() {
            cluster.startAll();
            for (int round = 0; round < 60; round++) {
                disturb();
                for (int i = random.nextInt(6); i > 0; i--) {
                    request(round);
                }
                pass(random.nextInt(8) == 0 ? 1_500 : 120);
                check();
            }
            calm();
        }

        private void disturb() {
            List<Node> nodes = List.copyOf(cluster.nodes.values());
            Node node = nodes.get(random.nextInt(nodes.size()));
            switch (random.nextInt(14)) {
                case 0 -> {
                    NodeId cut = node.id;
                    cluster.dropped = sent ->
                            sent.to().equals(cut) != sent.envelope().from().equals(cut);
                }
                case 1 -> cluster.dropped = sent -> sent.to().equals(node.id);
                case 2 -> cluster.dropped = _ -> random.nextInt(4) == 0;
                case 3, 4 -> cluster.heal();
                case 5 -> {
                    if (node.runs()) {
                        crash(node);
                    }
                }
                case 6, 7 -> nodes.stream().filter(n -> !n.runs()).forEach(Node::start);
                case 8 -> node.flushes = false;
                case 9, 10 ->
                    nodes.forEach(n -> {
                        n.flushes = true;
                        n.flush();
                    });
                case 11 -> {
                    // A minority of one may lose its disk; the next one only when the first is a voter again.
                    if (blanks == 0 && !hasWitness && isWell()) {
                        blanks++;
                        crash(node);
                        node.wipe();
                        node.start();
                    }
                }
                case 12 -> transfer(node);
                case 13 -> changeKind(node);
                default -> throw new IllegalStateException();
            }
        }

        private void crash(Node node) {
            // What was not flushed is lost: from any point on.
            int unflushed = node.unflushed.size();
            if (unflushed > 0) {
                long durable = node.status().durableIndex();
                int keep = random.nextInt(unflushed + 1);
                int dropped = 0;
                List<LogEntry> lost = new ArrayList<>();
                for (LogEntry entry : node.disk) {
                    if (entry.firstIndex() > durable && dropped++ >= keep) {
                        lost.add(entry);
                    }
                }
                node.disk.removeAll(lost);
            }
            node.crash();
            commits.remove(node.id);
            node.flushes = true;
        }

        private boolean isWell() {
            Node leader = cluster.leader();
            return leader != null
                    && leader.status().commitIndex() >= 2
                    && leader.status().quorum()
                    && cluster.nodes.values().stream().allMatch(Node::runs)
                    && leader.status().members().stream()
                                    .filter(m -> m.member().kind().votes())
                                    .count()
                            >= 3
                    && leader.status().members().stream()
                            .allMatch(m ->
                                    !m.member().kind().votes() || m.member().incarnation() != Member.UNBOUND)
                    && leader.status().members().stream()
                            .allMatch(m -> m.matchIndex() >= leader.status().commitIndex());
        }

        private void transfer(Node node) {
            Node leader = cluster.leader();
            if (leader != null) {
                leader.step(new Input.TransferLeadership(cluster.nextRequest(), node.id, cluster.now + 500 * MS));
            }
        }

        private void changeKind(Node node) {
            Node leader = cluster.leader();
            if (leader == null || hasWitness || blanks > 0) {
                return;
            }
            Member member = random.nextBoolean() ? voter(node.id.value()) : member(node.id.value(), MemberKind.LEARNER);
            leader.step(new Input.AddMember(cluster.nextRequest(), member, cluster.now + 3 * ELECTION));
        }

        private void request(int round) {
            List<Node> running =
                    cluster.nodes.values().stream().filter(Node::runs).toList();
            if (running.isEmpty()) {
                return;
            }
            Node node = running.get(random.nextInt(running.size()));
            WriteConcern w =
                    switch (random.nextInt(4)) {
                        case 0 -> WriteConcern.MAJORITY;
                        case 1 -> WriteConcern.ALL;
                        default -> new WriteConcern.Count(1 + random.nextInt(2));
                    };
            long deadline = random.nextBoolean() ? Input.NO_DEADLINE : cluster.now + random.nextInt(2_000) * MS;
            String text = "m%d-%06d-".formatted(round, random.nextInt(1_000_000));
            long id =
                    switch (random.nextInt(4)) {
                        case 0 -> cluster.append(node, message(key(text), text, text + "b"), w, deadline);
                        case 1 -> cluster.append(node, message(key("shared" + random.nextInt(10)), "s"), w, deadline);
                        case 2 -> cluster.append(node, put(key(text), "k", text), w, deadline);
                        default -> cluster.append(node, message(text), w, deadline);
                    };
            asked.put(id, text);
            if (random.nextInt(5) == 0) {
                node.step(new Input.Read(cluster.nextRequest(), cluster.now + ELECTION));
            }
        }

        private void pass(long millis) {
            long end = cluster.now + random.nextLong(millis * MS);
            while (cluster.now < end) {
                cluster.shuffle(random);
                cluster.run(Math.min(end - cluster.now, random.nextInt(50) * MS + 1));
                check();
            }
        }

        private void check() {
            for (Node node : cluster.nodes.values()) {
                if (!node.runs()) {
                    commits.remove(node.id);
                    continue;
                }
                ReplicaStatus status = node.status();
                if (status.role() == Role.LEADER) {
                    NodeId other = leaders.putIfAbsent(status.term(), node.id);
                    assertThat(other == null || other.equals(node.id))
                            .as("one leader in term %s", status.term())
                            .isTrue();
                }
                long before = commits.getOrDefault(node.id, 0L);
                assertThat(status.commitIndex()).isGreaterThanOrEqualTo(before);
                commits.put(node.id, status.commitIndex());
                for (LogEntry entry : node.disk) {
                    if (entry.lastIndex() <= status.commitIndex() && !entry.isOmitted()) {
                        Integer crc = committedCrc.putIfAbsent(entry.lastIndex(), entry.crc());
                        assertThat(crc == null || crc == entry.crc())
                                .as("committed entry %s of %s", entry, node.id)
                                .isTrue();
                    }
                }
            }
        }

        private void calm() {
            cluster.heal();
            for (Node node : cluster.nodes.values()) {
                node.flushes = true;
                if (node.runs()) {
                    node.flush();
                } else {
                    node.start();
                }
            }
            cluster.run(40 * ELECTION);
            check();
            Node leader = cluster.leader();
            assertThat(leader)
                    .as(
                            "a leader in the end: %s",
                            cluster.nodes.values().stream().map(Node::status).toList())
                    .isNotNull();
            Outcome last = cluster.write("last", WriteConcern.MAJORITY);
            assertThat(last)
                    .as(
                            "the last write at %s %s",
                            leader.id,
                            cluster.nodes.values().stream().map(Node::status).toList())
                    .isInstanceOf(Outcome.Acknowledged.class);
            cluster.run(10 * ELECTION);
            Set<NodeId> members = new HashSet<>();
            leader.status()
                    .members()
                    .forEach(member -> members.add(member.member().id()));
            for (Node node : cluster.nodes.values()) {
                if (members.contains(node.id)) {
                    assertThat(node.status().commitIndex())
                            .as("commit index of %s", node.id)
                            .isEqualTo(leader.status().commitIndex());
                    assertThat(node.disk.stream()
                                    .map(e -> e.toString() + e.lastId())
                                    .toList())
                            .isEqualTo(leader.disk.stream()
                                    .map(e -> e.toString() + e.lastId())
                                    .toList());
                }
            }
            checkOutcomes(leader);
        }

        private void checkOutcomes(Node leader) {
            Map<Long, LogEntry> byIndex = new HashMap<>();
            leader.disk.forEach(entry -> byIndex.put(entry.lastIndex(), entry));
            Map<String, Integer> stored = new HashMap<>();
            for (LogEntry entry : leader.disk) {
                String body = new String(
                        entry.array(), entry.offset(), entry.length(), java.nio.charset.StandardCharsets.ISO_8859_1);
                asked.values().stream()
                        .filter(body::contains)
                        .distinct()
                        .forEach(text -> stored.merge(text, 1, Integer::sum));
            }
            cluster.outcomes.forEach((id, outcome) -> {
                String text = asked.get(id);
                switch (outcome) {
                    case Outcome.Acknowledged acknowledged -> {
                        Outcome.Placement placement = acknowledged.placement();
                        if (placement.committed()) {
                            LogEntry entry = byIndex.get(placement.index());
                            assertThat(entry)
                                    .as("acknowledged %s at %s", text, placement)
                                    .isNotNull();
                            assertThat(entry.term()).isEqualTo(placement.term());
                        }
                    }
                    case Outcome.Refused _ -> {
                        if (text != null) {
                            assertThat(stored).as("not stored: %s", text).doesNotContainKey(text);
                        }
                    }
                    case Outcome.Unknown _, Outcome.Acks _, Outcome.ReadReady _, Outcome.Done _ -> {}
                }
            });
            stored.forEach(
                    (text, count) -> assertThat(count).as("times of %s", text).isOne());
            asked.keySet().forEach(id -> assertThat(answered(id))
                    .as("request %s is answered", id)
                    .isTrue());
        }

        /** A request at a node that crashed is answered by nobody. */
        private boolean answered(long id) {
            return cluster.outcomes.containsKey(id) || cluster.crashes > 0;
        }
    }
}
