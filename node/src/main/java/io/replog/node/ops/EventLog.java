package io.replog.node.ops;

import io.replog.api.cluster.ClusterEvent;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Effect;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.ReplicaStatus.MemberStatus;
import io.replog.core.replica.Role;
import io.replog.node.engine.ClusterEvents;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.EngineListener;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what the replica reports into events: kept in a bounded ring, and logged as one line each. The lines are written
 * by a thread of this object, so that a slow console never holds the replica back.
 */
public final class EventLog implements EngineListener, ClusterEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    private final NodeId self;
    private final InstantSource clock;
    private final int capacity;
    private final ArrayDeque<ClusterEvent> ring = new ArrayDeque<>();
    private final LinkedBlockingQueue<ClusterEvent> toLog;
    private final Thread writer;
    private long sequence;
    private long unlogged;
    private boolean closed;

    private @Nullable NodeId leader;
    private @Nullable Role role;
    private final Map<NodeId, ReplicaStatus.Health> healths = new HashMap<>();

    /**
     * @param clock    for the time stamps
     * @param capacity events that are kept, and that may wait to be logged
     */
    public EventLog(NodeId self, InstantSource clock, int capacity) {
        this.self = self;
        this.clock = clock;
        this.capacity = capacity;
        this.toLog = new LinkedBlockingQueue<>(capacity);
        this.writer = Thread.ofVirtual().name("event-log").start(this::writeLines);
    }

    @Override
    public void roleChanged(Effect.RoleChanged change, ReplicaStatus status) {
        String type =
                change.role() == role && !Objects.equals(change.leader(), leader) ? "leader-changed" : "role-changed";
        role = change.role();
        leader = change.leader();
        add(type, change.term(), change.role(), change.leader(), status.view(), null, change.reason());
    }

    @Override
    public void membershipChanged(Effect.MembershipChanged change, ReplicaStatus status) {
        List<String> members = change.membership().members().stream()
                .map(member -> member.id() + "=" + lower(member.kind()))
                .toList();
        add("view-changed", null, "members are " + String.join(", ", members), status);
    }

    @Override
    public void stranded(Effect.Stranded effect, ReplicaStatus status) {
        add("stranded", null, effect.reason(), status);
    }

    @Override
    public void peerRejected(Effect.PeerRejected effect, ReplicaStatus status) {
        add("peer-rejected", effect.peer(), effect.reason(), status);
    }

    @Override
    public void diskFull(boolean full, ReplicaStatus status) {
        if (full) {
            add("disk-full", self, "no room for the log: writes are refused until there is", status);
        } else {
            add("disk-room", self, "there is room for the log again", status);
        }
    }

    /** The node begins to stop. */
    public void stopping(ReplicaStatus status) {
        add("stopping", self, "the node was told to stop", status);
    }

    @Override
    public void published(ReplicaStatus previous, ReplicaStatus status) {
        if (!Objects.equals(status.leader(), leader)) {
            leader = status.leader();
            add("leader-changed", null, leader == null ? "the leader is lost" : "the leader is heard", status);
        }
        List<MemberStatus> members = status.members();
        for (int i = 0; i < members.size(); i++) {
            MemberStatus member = members.get(i);
            ReplicaStatus.Health known = healths.get(member.member().id());
            if (known != member.health()) {
                healths.put(member.member().id(), member.health());
                if (known != null) {
                    String reason = lower(known) + " before";
                    add("member-status-changed", member.member().id(), lower(member.health()) + ", " + reason, status);
                }
            }
        }
    }

    @Override
    public synchronized long lastSequence() {
        return sequence;
    }

    @Override
    public synchronized List<ClusterEvent> awaitAfter(long after, Deadline deadline) throws InterruptedException {
        while (sequence <= after && !closed) {
            if (deadline.isNone()) {
                wait();
                continue;
            }
            long left = deadline.remaining().toNanos();
            if (left <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        List<ClusterEvent> events = new ArrayList<>();
        for (ClusterEvent event : ring) {
            if (event.sequence() > after) {
                events.add(event);
            }
        }
        return events;
    }

    /** Ends all waits, those to come at once. */
    public synchronized void endWaits() {
        closed = true;
        notifyAll();
    }

    @Override
    public void close() {
        endWaits();
        writer.interrupt();
    }

    private void add(String type, @Nullable NodeId member, String reason, ReplicaStatus status) {
        add(type, status.term(), status.role(), status.leader(), status.view(), member, reason);
    }

    private synchronized void add(
            String type,
            long term,
            Role newRole,
            @Nullable NodeId newLeader,
            long view,
            @Nullable NodeId member,
            String reason) {
        sequence++;
        ClusterEvent event = new ClusterEvent(
                sequence,
                clock.instant(),
                type,
                term,
                lower(newRole),
                newLeader == null ? null : newLeader.value(),
                view,
                member == null ? null : member.value(),
                reason);
        if (ring.size() == capacity) {
            ring.remove();
        }
        ring.add(event);
        if (!toLog.offer(event)) {
            unlogged++;
        }
    }

    private void writeLines() {
        try {
            while (true) {
                ClusterEvent event = toLog.take();
                long missed = wakeFollowers();
                LOG.info(
                        "event={} node={} role={} term={} leader={} view={}{} reason=\"{}\"",
                        event.type(),
                        self,
                        event.role(),
                        event.term(),
                        event.leader() == null ? "-" : event.leader(),
                        event.view(),
                        event.member() == null ? "" : " member=" + event.member(),
                        event.reason());
                if (missed > 0) {
                    LOG.warn("{} events are not logged: the log takes lines too slowly", missed);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives how many events found no room to wait for their line since the last call. */
    private synchronized long wakeFollowers() {
        notifyAll();
        long missed = unlogged;
        unlogged = 0;
        return missed;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
