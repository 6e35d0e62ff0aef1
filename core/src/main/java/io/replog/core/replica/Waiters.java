package io.replog.core.replica;

import io.replog.core.kv.KvResult;
import io.replog.core.log.LogEntry;
import io.replog.core.quorum.Commitment;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome.Unknown.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Requests whose entries are appended and that wait to be answered.
 *
 * <p>While this node leads they wait in a queue for each write concern, by index: what a write concern has reached only
 * grows, so one comparison with the head of each queue finds all that are due. When the lead is lost they are kept for
 * two election time-outs: the new leader's messages say what is committed and what all members hold.
 */
final class Waiters {
    private static final Comparator<Waiter> BY_INDEX = Comparator.comparingLong(waiter -> waiter.index);

    private final ReplicaState state;
    private final Map<WriteConcern, PriorityQueue<Waiter>> queues = new HashMap<>();
    private final Map<Long, List<Waiter>> awaitingResult = new HashMap<>();
    private final DeadlineHeap<Waiter> deadlines = new DeadlineHeap<>();

    /** Those of a lead that is lost, until {@link #orphansUntil}. */
    private List<Waiter> orphans = new ArrayList<>();

    private long orphansUntil = Long.MAX_VALUE;
    private int count;
    private Holders holders;

    Waiters(ReplicaState state) {
        this.state = state;
        holders = new Holders(state.membership());
    }

    int count() {
        return count;
    }

    void add(Waiter waiter) {
        count++;
        enqueue(waiter);
        deadlines.add(waiter);
        if (!waiter.isApplied()) {
            awaitingResult
                    .computeIfAbsent(waiter.index, _ -> new ArrayList<>(1))
                    .add(waiter);
        }
    }

    private void enqueue(Waiter waiter) {
        queues.computeIfAbsent(waiter.w, _ -> new PriorityQueue<>(BY_INDEX)).add(waiter);
    }

    /** A command is applied. */
    void applied(long index, @Nullable KvResult result) {
        List<Waiter> waiting = awaitingResult.remove(index);
        if (waiting != null) {
            waiting.forEach(waiter -> waiter.result = result);
        }
    }

    /** Who holds what, as this node sees it while it leads. */
    Holders holders(LeaderState leader) {
        Membership membership = state.membership();
        if (!holders.membership().equals(membership)) {
            holders = new Holders(membership);
        }
        List<Member> members = membership.members();
        for (int i = 0; i < members.size(); i++) {
            NodeId id = members.get(i).id();
            if (id.equals(state.self)) {
                // One that leads until the change is committed that took its vote does not count for the commit.
                boolean votes = state.isThisVoter(members.get(i));
                holders.set(i, state.log.durableIndex(), votes ? state.log.durableIndex() : 0);
            } else {
                Progress peer = leader.peer(id);
                if (peer == null) {
                    holders.set(i, 0, 0);
                } else {
                    // Votes and acknowledgements of a disk that the membership does not have do not count.
                    holders.set(i, peer.countedIndex(), peer.isBound() ? peer.matchIndex : 0);
                }
            }
        }
        return holders;
    }

    /** Answers all whose write concern is met. The holders are up to date. */
    void settle() {
        if (count == orphans.size()) {
            return;
        }
        for (Map.Entry<WriteConcern, PriorityQueue<Waiter>> queue : queues.entrySet()) {
            PriorityQueue<Waiter> waiting = queue.getValue();
            if (!waiting.isEmpty()) {
                long reached = reached(queue.getKey());
                while (!waiting.isEmpty()
                        && waiting.peek().index <= reached
                        && waiting.peek().isApplied()) {
                    acknowledge(waiting.remove());
                }
            }
        }
    }

    /** Up to which index {@code w} is met. */
    private long reached(WriteConcern w) {
        long own = state.log.durableIndex();
        long committed = knownCommitted();
        return switch (w) {
            case WriteConcern.Majority _ -> committed;
            case WriteConcern.All _ -> Math.min(own, Math.min(holders.heldByAll(), allNeedsCommit(committed)));
            case WriteConcern.Count wanted -> {
                long held = Math.min(own, holders.heldBy(wanted.members()));
                // From the voters' majority upward an acknowledged message is also committed.
                yield wanted.members() >= holders.membership().majority() ? Math.min(held, committed) : held;
            }
        };
    }

    /**
     * The commit index once this leader has committed an entry of its own, 0 before: a new leader knows of entries that
     * they are committed, yet not which members hold them, and an answer names these.
     */
    private long knownCommitted() {
        long committed = state.log.commitIndex();
        return state.role instanceof LeaderState leader && leader.ownTermCommitted(committed) ? committed : 0;
    }

    /** {@code all} is a number too: from the voters' majority upward it needs the commit. */
    private long allNeedsCommit(long committed) {
        Membership membership = holders.membership();
        return membership.dataBearingCount() >= membership.majority() ? committed : Long.MAX_VALUE;
    }

    private void acknowledge(Waiter waiter) {
        end(waiter);
        Outcome.Placement placement = placement(waiter, holders);
        state.respond(
                waiter.requestId,
                waiter.onlyAsks
                        ? new Outcome.Acks(placement)
                        : new Outcome.Acknowledged(
                                placement,
                                Commitment.resolve(waiter.w, holders.membership()),
                                waiter.replayed,
                                waiter.result));
    }

    private void end(Waiter waiter) {
        count--;
        deadlines.remove(waiter);
        if (!waiter.isApplied()) {
            List<Waiter> waiting = awaitingResult.get(waiter.index);
            if (waiting != null) {
                waiting.remove(waiter);
            }
        }
    }

    private Outcome.Placement placement(Waiter waiter, Holders known) {
        return new Outcome.Placement(
                waiter.firstId,
                waiter.lastId,
                waiter.index,
                waiter.term,
                known.acks(waiter.index),
                known.missing(waiter.index),
                isCommitted(waiter));
    }

    private boolean isCommitted(Waiter waiter) {
        return state.log.commitIndex() >= waiter.index && state.log.termAt(waiter.index) == waiter.term;
    }

    /** Where {@code entry} of this node's log stands, for answers that do not wait. */
    Outcome.Placement placement(LogEntry entry, LeaderState leader) {
        Holders known = holders(leader);
        return new Outcome.Placement(
                0,
                0,
                entry.lastIndex(),
                entry.term(),
                known.acks(entry.lastIndex()),
                known.missing(entry.lastIndex()),
                state.log.commitIndex() >= entry.lastIndex());
    }

    // --- deadlines

    long nextDeadline() {
        return Math.min(deadlines.earliest(), orphans.isEmpty() ? Long.MAX_VALUE : orphansUntil);
    }

    void onTime() {
        for (Waiter waiter = deadlines.poll(state.now()); waiter != null; waiter = deadlines.poll(state.now())) {
            if (!orphans.remove(waiter)) {
                PriorityQueue<Waiter> queue = queues.get(waiter.w);
                if (queue == null || !queue.remove(waiter)) {
                    throw new IllegalStateException("a waiter that waits nowhere: " + waiter.requestId);
                }
            }
            giveUp(waiter, Cause.DEADLINE);
        }
        if (!orphans.isEmpty() && state.now() >= orphansUntil) {
            List<Waiter> given = orphans;
            orphans = new ArrayList<>();
            given.forEach(waiter -> giveUp(waiter, Cause.LEADERSHIP_LOST));
        }
    }

    /** Nothing is undone: the entry stays where it is. */
    private void giveUp(Waiter waiter, Cause cause) {
        end(waiter);
        Outcome.Placement placement = placement(waiter, holders);
        state.respond(
                waiter.requestId,
                waiter.onlyAsks ? new Outcome.Acks(placement) : new Outcome.Unknown(placement, cause));
    }

    // --- after the lead is lost

    /** This node has just ceased to lead; the holders are as the last leader's state has them. */
    void leadershipLost(LeaderState leader) {
        holders(leader);
        for (PriorityQueue<Waiter> queue : queues.values()) {
            orphans.addAll(queue);
            queue.clear();
        }
        orphansUntil = state.now() + 2 * state.timing().electionTimeout();
    }

    /** This node leads again: what is still in its log waits as before. */
    void leadershipGained() {
        List<Waiter> waiting = orphans;
        orphans = new ArrayList<>();
        for (Waiter waiter : waiting) {
            if (state.log.termAt(waiter.index) == waiter.term) {
                enqueue(waiter);
            } else {
                giveUp(waiter, Cause.LEADERSHIP_LOST);
            }
        }
    }

    /**
     * Answers those of a lost lead that can be: by what is committed here, and by what the leader says that all members
     * hold. The acknowledgements that this node had collected hold for an entry that is committed: no member drops it.
     */
    void settleOrphans(FollowerState follower) {
        if (orphans.isEmpty()) {
            return;
        }
        List<Waiter> kept = new ArrayList<>();
        for (Waiter waiter : orphans) {
            if (state.log.termAt(waiter.index) != waiter.term) {
                giveUp(waiter, Cause.LEADERSHIP_LOST);
            } else if (isCommitted(waiter) && waiter.isApplied() && orphanIsMet(waiter, follower)) {
                acknowledge(waiter);
            } else {
                kept.add(waiter);
            }
        }
        orphans = kept;
    }

    private boolean orphanIsMet(Waiter waiter, FollowerState follower) {
        List<Member> members = holders.membership().members();
        for (int i = 0; i < members.size(); i++) {
            NodeId id = members.get(i).id();
            // That all hold it is said of today's members. The leader's disk has what it commits, maybe no more.
            boolean holds = (follower.replicatedIndex >= waiter.index
                            && state.membership().contains(id))
                    || (id.equals(follower.leader) && follower.leaderCommit >= waiter.index)
                    || (id.equals(state.self) && state.log.durableIndex() >= waiter.index);
            if (holds) {
                holders.raise(i, waiter.index);
            }
        }
        return switch (waiter.w) {
            case WriteConcern.Majority _ -> true;
            case WriteConcern.All _ -> holders.missing(waiter.index).isEmpty();
            case WriteConcern.Count wanted -> holders.acks(waiter.index).size() >= wanted.members();
        };
    }
}
