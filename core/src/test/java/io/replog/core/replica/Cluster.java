package io.replog.core.replica;

import io.replog.core.kv.KvCommand;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.statemachine.StateSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Several replicas in one thread, with a network and disks that do what the test says: messages are delivered when
 * asked to, flushes are acknowledged at once or by hand.
 */
final class Cluster {
    static final long MS = 1_000_000;
    static final long HEARTBEAT = 100 * MS;
    static final long ELECTION = 1_000 * MS;

    /** One node: what is on its disk, and its replica while it runs. */
    final class Node {
        final NodeId id;
        long incarnation;
        HardState hardState;
        List<LogEntry> disk = new ArrayList<>();
        StateSnapshot snapshot = StateSnapshot.EMPTY;
        Replica replica;
        boolean flushes = true;
        boolean diskFull;
        private boolean refusing;
        final List<Input> unflushed = new ArrayList<>();
        final List<Effect> effects = new ArrayList<>();
        final List<LogEntry> rolledBack = new ArrayList<>();
        boolean founder;
        boolean fixedLeader;
        boolean setAside;

        Node(NodeId id) {
            this.id = id;
            wipe();
        }

        void wipe() {
            incarnation = random.nextLong() | 1;
            hardState = HardState.blank(incarnation);
            disk = new ArrayList<>();
            snapshot = StateSnapshot.EMPTY;
        }

        void start() {
            ReplicaConfig config = new ReplicaConfig(
                    id,
                    configured,
                    founder,
                    fixedLeader,
                    new ReplicaConfig.Timing(HEARTBEAT, ELECTION, 5_000 * MS, 5 * MS),
                    limits);
            LogEntry last = disk.isEmpty() ? null : disk.getLast();
            replica = new Replica(
                    config,
                    new RecoveredState(
                            hardState,
                            snapshot,
                            disk.stream().filter(e -> e.type().isControl()).toList(),
                            disk.stream()
                                    .filter(e -> e.firstIndex() > snapshot.index())
                                    .toList(),
                            last == null ? 0 : last.lastIndex(),
                            last == null ? 0 : last.term(),
                            last == null ? 0 : last.lastId(),
                            setAside),
                    new Random(random.nextLong()),
                    () -> 1_000,
                    now);
            step(List.of(new Input.Tick()));
        }

        /** The process dies; what was not flushed is lost. */
        void crash() {
            crashes++;
            replica = null;
            refusing = false;
            later.removeIf(event -> event.at().equals(id));
            unflushed.clear();
            network.removeIf(sent -> sent.to().equals(id));
        }

        boolean runs() {
            return replica != null;
        }

        ReplicaStatus status() {
            return replica.status();
        }

        boolean leads() {
            return runs() && status().role() == Role.LEADER;
        }

        void step(Input input) {
            step(List.of(input));
        }

        void step(List<Input> inputs) {
            for (Effect effect : replica.step(now, inputs)) {
                perform(effect);
            }
        }

        private void perform(Effect effect) {
            effects.add(effect);
            switch (effect) {
                case Effect.SaveHardState save -> hardState = save.state();
                case Effect.AppendToLog append -> appendToLog(append);
                case Effect.TruncateLog truncate -> {
                    refusing = false;
                    flush();
                    while (!disk.isEmpty() && disk.getLast().lastIndex() >= truncate.fromIndex()) {
                        rolledBack.add(disk.removeLast());
                    }
                }
                case Effect.Send send -> network.add(new Sent(send.to(), send.envelope()));
                case Effect.ReadLog read -> {
                    List<LogEntry> found = disk.stream()
                            .filter(e -> e.lastIndex() >= read.fromIndex())
                            .limit(3)
                            .toList();
                    later.add(new Later(id, new Input.LogRead(read.token(), found)));
                }
                case Effect.Respond respond -> {
                    if (outcomes.put(respond.requestId(), respond.outcome()) != null) {
                        throw new AssertionError("answered twice: " + respond);
                    }
                }
                case Effect.SaveSnapshot save -> {
                    snapshot = save.snapshot();
                    later.add(new Later(id, new Input.SnapshotSaved(snapshot.index(), true)));
                }
                case Effect.RoleChanged _,
                        Effect.MembershipChanged _,
                        Effect.Stranded _,
                        Effect.DataLost _,
                        Effect.PeerRejected _ -> {}
            }
        }

        private void appendToLog(Effect.AppendToLog append) {
            if (refusing) {
                return;
            }
            if (diskFull) {
                refusing = true;
                later.add(new Later(
                        id,
                        new Input.LogRefused(
                                append.term(), append.entries().getFirst().firstIndex())));
                return;
            }
            disk.addAll(append.entries());
            unflushed.add(new Input.LogFlushed(
                    append.term(), append.entries().getLast().lastIndex()));
            if (flushes) {
                flush();
            }
        }

        /** What was written so far becomes durable, and the replica will hear of it. */
        void flush() {
            unflushed.forEach(input -> later.add(new Later(id, input)));
            unflushed.clear();
        }

        <T extends Effect> List<T> effects(Class<T> type) {
            return effects.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    record Sent(NodeId to, PeerEnvelope envelope) {}

    record Later(NodeId at, Input input) {}

    final Random random;
    long now = 1_000_000_000L;
    final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    final ArrayDeque<Sent> network = new ArrayDeque<>();
    final ArrayDeque<Later> later = new ArrayDeque<>();
    final Map<Long, Outcome> outcomes = new LinkedHashMap<>();
    Predicate<Sent> dropped = _ -> false;
    Membership configured;
    ReplicaConfig.Limits limits =
            new ReplicaConfig.Limits(1 << 20, 8, 8 << 20, 64 << 20, 32 << 20, 10_000, 1_000, 1 << 30);
    int crashes;
    private long lastRequest;

    Cluster(long seed, Member... members) {
        random = new Random(seed);
        configured = new Membership(List.of(members));
        for (Member member : members) {
            nodes.put(member.id(), new Node(member.id()));
        }
        nodes.values().iterator().next().founder = true;
    }

    static Member voter(String id) {
        return voter(id, 1);
    }

    static Member voter(String id, int priority) {
        return new Member(new NodeId(id), "http://" + id, MemberKind.VOTER, priority, 0);
    }

    static Member member(String id, MemberKind kind) {
        return new Member(new NodeId(id), "http://" + id, kind, 1, 0);
    }

    /** Three voters a, b, c that run, led by a. */
    static Cluster ofThree() {
        return started(voter("a"), voter("b"), voter("c"));
    }

    static Cluster started(Member... members) {
        Cluster cluster = new Cluster(7, members);
        cluster.startAll();
        cluster.runUntil(() -> cluster.leader() != null);
        cluster.run(500 * MS);
        return cluster;
    }

    Cluster startAll() {
        nodes.values().forEach(Node::start);
        return this;
    }

    Node node(String id) {
        return nodes.get(new NodeId(id));
    }

    Node leader() {
        Node leader = null;
        for (Node node : nodes.values()) {
            if (node.leads()
                    && (leader == null || node.status().term() > leader.status().term())) {
                leader = node;
            }
        }
        return leader;
    }

    // --- network and time

    /** Messages between {@code id} and everybody else are lost. */
    void isolate(String... ids) {
        List<NodeId> cut = java.util.Arrays.stream(ids).map(NodeId::new).toList();
        dropped =
                sent -> cut.contains(sent.to()) != cut.contains(sent.envelope().from());
    }

    void heal() {
        dropped = _ -> false;
    }

    /** Delivers everything that is on its way, and what comes of it, without time passing. */
    void deliver() {
        for (int i = 0; i < 100_000; i++) {
            if (!deliverOne()) {
                return;
            }
        }
        throw new AssertionError("messages without end: " + network + later);
    }

    /** Delivers until a message that is {@code wanted} is on its way. */
    void deliverUntil(Predicate<Sent> wanted) {
        while (network.stream().noneMatch(wanted)) {
            if (!deliverOne()) {
                throw new AssertionError("nothing more is on its way");
            }
        }
    }

    private boolean deliverOne() {
        Later event = later.poll();
        if (event != null) {
            Node node = nodes.get(event.at());
            if (node.runs()) {
                node.step(event.input());
            }
            return true;
        }
        Sent sent = network.poll();
        if (sent == null) {
            return false;
        }
        Node to = nodes.get(sent.to());
        if (!dropped.test(sent) && to != null && to.runs()) {
            to.step(new Input.Received(sent.envelope()));
        }
        return true;
    }

    /** Lets the messages on their way overtake each other. */
    void shuffle(Random how) {
        List<Sent> all = new ArrayList<>(network);
        java.util.Collections.shuffle(all, how);
        network.clear();
        network.addAll(all);
    }

    /** Takes the messages on their way out of the network. */
    List<Sent> take(Predicate<Sent> wanted) {
        List<Sent> taken = new ArrayList<>();
        for (Iterator<Sent> all = network.iterator(); all.hasNext(); ) {
            Sent sent = all.next();
            if (wanted.test(sent)) {
                taken.add(sent);
                all.remove();
            }
        }
        return taken;
    }

    /** Lets time pass, with all deadlines met and all messages delivered at once. */
    void run(long nanos) {
        long end = now + nanos;
        deliver();
        while (true) {
            long next = end;
            for (Node node : nodes.values()) {
                if (node.runs()) {
                    next = Math.min(next, Math.max(node.replica.nextDeadline(), now));
                }
            }
            now = Math.max(now, next);
            for (Node node : nodes.values()) {
                if (node.runs() && node.replica.nextDeadline() <= now) {
                    node.step(new Input.Tick());
                }
            }
            deliver();
            if (now >= end) {
                return;
            }
        }
    }

    void runUntil(java.util.function.BooleanSupplier condition) {
        long end = now + 60_000 * MS;
        while (!condition.getAsBoolean()) {
            if (now > end) {
                throw new AssertionError("not within a minute: "
                        + nodes.values().stream()
                                .filter(Node::runs)
                                .map(Node::status)
                                .toList());
            }
            run(10 * MS);
        }
    }

    // --- requests

    long nextRequest() {
        return ++lastRequest;
    }

    static EncodedRequest message(String... texts) {
        return message(RequestKey.NONE, texts);
    }

    static EncodedRequest message(RequestKey key, String... texts) {
        return EntryCodec.encode(
                key,
                new Payload.Messages(java.util.Arrays.stream(texts)
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList()));
    }

    static EncodedRequest put(RequestKey key, String k, String v) {
        return EntryCodec.encode(
                key, new Payload.Command(new KvCommand(KvCommand.Operation.PUT, k, v, KvCommand.Condition.NONE)));
    }

    static RequestKey key(String key) {
        return new RequestKey.Idempotency(key, key.hashCode());
    }

    long append(Node node, EncodedRequest request, WriteConcern w, long deadline) {
        long id = nextRequest();
        node.step(new Input.Append(id, request, w, deadline));
        return id;
    }

    long append(Node node, EncodedRequest request, WriteConcern w) {
        return append(node, request, w, Input.NO_DEADLINE);
    }

    /** Appends at the leader and waits for the answer. */
    Outcome write(String text, WriteConcern w) {
        long id = append(leader(), message(text), w);
        deliver();
        return outcomes.get(id);
    }

    Outcome outcome(long id) {
        return outcomes.get(id);
    }

    static Predicate<Sent> to(String id) {
        return sent -> sent.to().equals(new NodeId(id));
    }

    static Predicate<Sent> is(Class<? extends PeerMessage> type) {
        return sent -> type.isInstance(sent.envelope().message());
    }
}
