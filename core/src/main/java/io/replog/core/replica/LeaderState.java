package io.replog.core.replica;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Leads its term. */
final class LeaderState implements RoleState {
    /** Index of the no-op that begins the term. What is before it may be committed without this leader knowing. */
    final long noOpIndex;

    private final TreeMap<NodeId, Progress> peers = new TreeMap<>();
    private List<Progress> list = List.of();

    /** Number of the newest round of heartbeats. */
    long round;

    /** When followers are told the commit index even where no append carries it; {@link Long#MAX_VALUE} for not at all. */
    long commitNoticeAt = Long.MAX_VALUE;

    /** Last index at the last tick, and at the one before: a peer that has that is no more than a moment behind. */
    long lastIndexAtTick;

    long lastIndexAtTickBefore;

    /** Until when the contact to a quorum that was found last suffices. */
    long inContactUntil = Long.MIN_VALUE;

    /** Up to here all data-bearing members hold the log. */
    long replicatedIndex;

    LeaderState(long noOpIndex) {
        this.noOpIndex = noOpIndex;
        lastIndexAtTick = noOpIndex;
        lastIndexAtTickBefore = noOpIndex;
    }

    /** All other members, those too that were just removed and must still hear of it; sorted by id. */
    List<Progress> peers() {
        return list;
    }

    @Nullable Progress peer(NodeId id) {
        return peers.get(id);
    }

    /** Whether an entry of this term is committed, and so everything that earlier leaders committed is known. */
    boolean ownTermCommitted(long commitIndex) {
        return commitIndex >= noOpIndex;
    }

    /** What a member that comes now must hold before it counts: at least all that is committed at this moment. */
    long catchUpTarget(long commitIndex) {
        return Math.max(commitIndex, noOpIndex);
    }

    /** Goes over to {@code membership}. A new peer is probed from the log's end. */
    void follow(Membership membership, NodeId self, long nextIndex, long now) {
        inContactUntil = Long.MIN_VALUE;
        for (Progress peer : list) {
            peer.departing = !membership.contains(peer.id);
        }
        for (Member member : membership.members()) {
            if (!member.id().equals(self)) {
                peers.computeIfAbsent(member.id(), id -> new Progress(id, member, nextIndex, now)).member = member;
            }
        }
        list = new ArrayList<>(peers.values());
    }

    List<NodeId> withHealth(Health health) {
        List<NodeId> found = List.of();
        for (Progress peer : list) {
            if (peer.health == health) {
                if (found.isEmpty()) {
                    found = new ArrayList<>();
                }
                found.add(peer.id);
            }
        }
        return found;
    }

    /** Up to where a voter that may lead holds the log. */
    long heldBySuccessors() {
        long held = 0;
        for (Progress peer : list) {
            if (peer.mayLead()) {
                held = Math.max(held, peer.matchIndex);
            }
        }
        return held;
    }

    /** Whether a voter that may lead is there and no more than a moment behind. */
    boolean hasSuccessorThatKeepsUp() {
        for (Progress peer : list) {
            if (peer.mayLead() && isCaughtUp(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code peer} is there and no more than a moment behind. */
    boolean isCaughtUp(Progress peer) {
        return peer.health == Health.HEALTHY
                && peer.incarnation != Member.UNBOUND
                && peer.matchIndex >= peer.catchUpTarget
                && peer.matchIndex >= lastIndexAtTickBefore;
    }

    void forget(Progress peer) {
        peers.remove(peer.id);
        list = new ArrayList<>(peers.values());
    }
}
