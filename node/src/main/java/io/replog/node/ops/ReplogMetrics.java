package io.replog.node.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Effect;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.engine.EngineListener;
import io.replog.node.engine.EngineMeters;
import io.replog.node.engine.ReplicaEngine;
import io.replog.node.peer.PeerCounters;
import io.replog.node.peer.SocketTransport;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The meters of a node, all named {@code replog.…}. */
public final class ReplogMetrics implements EngineMeters, EngineListener {
    private final MeterRegistry registry;
    private final Set<NodeId> boundPeers = ConcurrentHashMap.newKeySet();
    private volatile Runnable bindPeers = () -> {};
    private final Timer fsync;
    private final Timer acks;
    private final Timer steps;
    private final DistributionSummary batches;
    private final Counter appends;
    private final Counter appendedBytes;
    private final Counter diskFull;
    private final Counter elections;
    private final Counter leaderChanges;
    private final AtomicLong leaderlessSince = new AtomicLong(System.nanoTime());
    private final AtomicLong leaderlessNanos = new AtomicLong();

    /** Newest term that this node was in; of the replica's thread once that runs, as is the next. */
    private long term;

    /** Term of the leader that was seen last. */
    private long ledTerm = -1;

    public ReplogMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.fsync = Timer.builder("replog.fsync")
                .description("forcing the log to disk")
                .register(registry);
        this.acks = Timer.builder("replog.acks")
                .description("from a write's arrival at the leader to its acknowledgement")
                .register(registry);
        this.steps = Timer.builder("replog.loop.step")
                .description("one step of the replica with its effects")
                .register(registry);
        this.batches = DistributionSummary.builder("replog.loop.inputs")
                .description("inputs that one step took")
                .register(registry);
        this.appends = Counter.builder("replog.appends")
                .description("indexes given to this node's log")
                .register(registry);
        this.appendedBytes = Counter.builder("replog.appends.size")
                .baseUnit("bytes")
                .description("bytes given to this node's log")
                .register(registry);
        this.diskFull = Counter.builder("replog.disk.full")
                .description("how often a write, replicated entries or a cut met a full disk")
                .register(registry);
        this.elections = Counter.builder("replog.elections")
                .description("terms in which this node asked for votes")
                .register(registry);
        this.leaderChanges = Counter.builder("replog.leader.changes")
                .description("how often the leader of a new term was seen")
                .register(registry);
        TimeGauge.builder("replog.leaderless", this::leaderlessNanos, TimeUnit.NANOSECONDS)
                .description("time in which this node knew no leader, since its start")
                .register(registry);
    }

    /** Adds what is read off the engine and the transport. */
    public void bind(ReplicaEngine engine, SocketTransport transport) {
        term = engine.status().term();
        gauge("replog.term", "newest term seen", () -> engine.status().term());
        gauge("replog.view", "number of the view", () -> engine.status().view());
        gauge("replog.index.commit", "commit index", () -> engine.status().commitIndex());
        gauge("replog.index.last", "last index of the log", () -> engine.status()
                .lastIndex());
        gauge("replog.index.durable", "durable index", () -> engine.status().durableIndex());
        gauge("replog.index.applied", "applied index", () -> engine.status()
                .state()
                .appliedIndex());
        gauge("replog.queue.inbox", "requests on their way to the replica", engine::inboxDepth);
        gauge("replog.queue.waiting", "requests without an outcome", engine::waitingRequests);
        gauge("replog.queue.writer", "appends that wait to be written", engine::writerDepth);
        for (Role role : Role.values()) {
            Gauge.builder("replog.role", () -> engine.status().role() == role ? 1 : 0)
                    .description("1 for the role that the node has")
                    .tag("role", role.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        bindPeers = () -> transport.counters().forEach((peer, counters) -> bind(engine, peer, counters));
        bindPeers.run();
    }

    private void bind(ReplicaEngine engine, NodeId peer, PeerCounters counters) {
        if (!boundPeers.add(peer)) {
            return;
        }
        Gauge.builder("replog.peer.lag", () -> lag(engine.status(), peer))
                .description("indexes that the peer is behind the leader's log; on the leader")
                .tag("peer", peer.value())
                .register(registry);
        counter(
                "replog.peer.retries",
                "streams to the peer that broke or did not open",
                peer,
                counters,
                PeerCounters::failed);
        counter("replog.peer.streams", "streams to the peer that were opened", peer, counters, PeerCounters::opened);
        counter("replog.peer.dropped", "messages to the peer that were dropped", peer, counters, PeerCounters::dropped);
        counter("replog.peer.sent.bytes", "bytes sent to the peer", peer, counters, PeerCounters::sentBytes);
    }

    private static double lag(ReplicaStatus status, NodeId peer) {
        if (status.role() != Role.LEADER) {
            return Double.NaN;
        }
        return status.members().stream()
                .filter(member -> member.member().id().equals(peer))
                .mapToDouble(member -> Math.max(0, status.lastIndex() - member.matchIndex()))
                .findFirst()
                .orElse(Double.NaN);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    private void counter(
            String name, String description, NodeId peer, PeerCounters counters, ToDoubleFunction<PeerCounters> value) {
        FunctionCounter.builder(name, counters, value)
                .description(description)
                .tag("peer", peer.value())
                .register(registry);
    }

    @Override
    public void forced(long nanos) {
        fsync.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void diskFull() {
        diskFull.increment();
    }

    @Override
    public void stepped(int inputs, long nanos) {
        batches.record(inputs);
        steps.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void appended(long indexes, long bytes) {
        appends.increment((double) indexes);
        appendedBytes.increment((double) bytes);
    }

    @Override
    public void acknowledged(long nanos) {
        acks.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void notAcknowledged(String outcome) {
        registry.counter("replog.refusals", "reason", outcome).increment();
    }

    @Override
    public void roleChanged(Effect.RoleChanged change, ReplicaStatus status) {
        // A pre-vote is told too: it leaves the term as it is.
        if (change.role() == Role.CANDIDATE && change.term() > term) {
            elections.increment();
        }
        term = change.term();
    }

    @Override
    public void membershipChanged(Effect.MembershipChanged change, ReplicaStatus status) {
        bindPeers.run();
    }

    @Override
    public void diskFull(boolean full, ReplicaStatus status) {}

    @Override
    public void stranded(Effect.Stranded effect, ReplicaStatus status) {}

    @Override
    public void peerRejected(Effect.PeerRejected effect, ReplicaStatus status) {}

    @Override
    public void published(ReplicaStatus previous, ReplicaStatus status) {
        if (status.leader() != null && status.term() != ledTerm) {
            ledTerm = status.term();
            leaderChanges.increment();
        }
        if (Objects.equals(previous.leader(), status.leader())) {
            return;
        }
        if (status.leader() == null) {
            leaderlessSince.set(System.nanoTime());
        } else if (previous.leader() == null) {
            leaderlessNanos.addAndGet(System.nanoTime() - leaderlessSince.get());
            leaderlessSince.set(Long.MAX_VALUE);
        }
    }

    private Number leaderlessNanos() {
        long since = leaderlessSince.get();
        return leaderlessNanos.get() + (since == Long.MAX_VALUE ? 0 : System.nanoTime() - since);
    }
}
