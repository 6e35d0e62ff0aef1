package io.replog.core.replica;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.replica.ReplicaStatus.Health;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a leader sees to by itself, a step with each heartbeat: disks are bound, spares step in, and the lead goes to
 * whoever has priority. Policies on top of the protocol; each is a membership change or a hand-over like any other.
 */
final class Steward {
    /** Election time-outs that a voter of higher priority is healthy before it is handed the lead. */
    private static final int STABLE = 2;

    /** Election time-outs between two attempts to hand over the lead. */
    private static final int PAUSE = 10;

    private final ReplicaState state;
    private final MembershipChanges changes;
    private final Transfers transfers;
    private @Nullable Long lastHandOver;

    Steward(ReplicaState state, MembershipChanges changes, Transfers transfers) {
        this.state = state;
        this.changes = changes;
        this.transfers = transfers;
    }

    void onTick(LeaderState leader) {
        forgetDeparted(leader);
        if (changes.mayAppend(leader)) {
            Membership next = nextMembership(leader);
            if (next != null) {
                changes.append(next);
            } else if (!changes.underWay()) {
                handOver(leader);
            }
        }
    }

    private void forgetDeparted(LeaderState leader) {
        long removedAt = state.log.control().membershipIndex();
        for (Progress peer : List.copyOf(leader.peers())) {
            boolean knows = peer.matchIndex >= removedAt && peer.toldCommit >= removedAt;
            if (peer.departing && (knows || peer.health == Health.UNHEALTHY)) {
                leader.forget(peer);
            }
        }
    }

    private @Nullable Membership nextMembership(LeaderState leader) {
        Membership replaced = replaceDead(leader);
        return replaced != null ? replaced : bindDisk(leader);
    }

    /**
     * A voter that has another disk than the one that is recorded is unbound at once, in a change of its own, and bound
     * again when its new disk holds what was committed when it came back. In between its votes and acknowledgements do not
     * count, so every quorum is one of the other voters, who have not forgotten anything.
     */
    private @Nullable Membership bindDisk(LeaderState leader) {
        for (Progress peer : leader.peers()) {
            Member member = peer.member;
            if (peer.departing
                    || !member.kind().votes()
                    || peer.incarnation == Member.UNBOUND
                    || peer.incarnation == member.incarnation()) {
                continue;
            }
            if (member.incarnation() != Member.UNBOUND) {
                return state.membership().with(member.withIncarnation(Member.UNBOUND));
            }
            if (leader.isCaughtUp(peer)) {
                return state.membership().with(member.withIncarnation(peer.incarnation));
            }
        }
        return null;
    }

    /**
     * First a spare that has caught up becomes a voter, and in the same change the disk of the voter that is dead loses its
     * vote: so the log says for whom the spare came, and every quorum is still one of all but the dead. Then the dead voter
     * becomes a spare.
     */
    private @Nullable Membership replaceDead(LeaderState leader) {
        Progress dead = find(leader, this::isDead);
        if (dead == null) {
            return null;
        }
        Membership membership = state.membership();
        if (state.log.control().hasSpareComeFor(dead.id)) {
            return membership.with(dead.member.withKind(MemberKind.SPARE));
        }
        Progress spare = find(
                leader, peer -> !peer.departing && peer.member.kind() == MemberKind.SPARE && leader.isCaughtUp(peer));
        return spare == null
                ? null
                : membership
                        .with(spare.member.withKind(MemberKind.VOTER).withIncarnation(spare.incarnation))
                        .with(dead.member.withIncarnation(Member.UNBOUND));
    }

    /** A voter that was never up, and so was never bound, is not replaced; one that has lost its disk is. */
    private boolean isDead(Progress peer) {
        return !peer.departing
                && peer.member.kind() == MemberKind.VOTER
                && peer.health == Health.UNHEALTHY
                && state.now() - peer.healthSince >= state.timing().spareAfter()
                && (peer.member.incarnation() != Member.UNBOUND
                        || state.log.control().wasEverBound(peer.id));
    }

    private void handOver(LeaderState leader) {
        Member self = state.selfMember();
        boolean paused = lastHandOver != null
                && state.now() - lastHandOver < PAUSE * state.timing().electionTimeout();
        if (self == null || transfers.underWay() || paused) {
            return;
        }
        leader.peers().stream()
                .filter(peer -> peer.member.priority() > self.priority()
                        && transfers.mayTakeOver(leader, peer)
                        && state.now() - peer.healthSince
                                >= STABLE * state.timing().electionTimeout())
                .max(Comparator.comparingInt(peer -> peer.member.priority()))
                .ifPresent(peer -> {
                    lastHandOver = state.now();
                    transfers.begin(peer);
                });
    }

    private static @Nullable Progress find(LeaderState leader, Predicate<Progress> wanted) {
        for (Progress peer : leader.peers()) {
            if (wanted.test(peer)) {
                return peer;
            }
        }
        return null;
    }
}
