package io.replog.core.replica;

import io.replog.core.log.Payload;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus.Health;
import org.jspecify.annotations.Nullable;

/** Changes of role and term; see {@link RoleState} for the legal ones. */
final class Transitions {
    private final ReplicaState state;
    private final ElectionTimer timer;
    private final Replication replication;
    private final Waiters waiters;
    private final Reads reads;
    private final Transfers transfers;
    private final MembershipChanges changes;

    Transitions(
            ReplicaState state,
            ElectionTimer timer,
            Replication replication,
            Waiters waiters,
            Reads reads,
            Transfers transfers,
            MembershipChanges changes) {
        this.state = state;
        this.timer = timer;
        this.replication = replication;
        this.waiters = waiters;
        this.reads = reads;
        this.transfers = transfers;
        this.changes = changes;
    }

    /**
     * Becomes a follower, or stays one.
     *
     * @param term   the term, the current one or a newer
     * @param leader its leader, null while unknown
     */
    void becomeFollower(long term, @Nullable NodeId leader, String reason) {
        if (term > state.term()) {
            state.enterTerm(term, null);
        } else if (state.role instanceof FollowerState follower) {
            if (leader != null && follower.leader == null) {
                follower.leader = leader;
                announce(reason);
            }
            return;
        }
        RoleState before = state.role;
        FollowerState follower = new FollowerState();
        follower.leader = leader;
        state.role = follower;
        if (before instanceof LeaderState was) {
            // It heard itself until now, and knows the others first-hand.
            state.knownHealth.heard(state.self, state.now());
            state.knownHealth.told(was.withHealth(Health.SUSPECTED), was.withHealth(Health.UNHEALTHY));
            waiters.leadershipLost(was);
            reads.leadershipLost();
            changes.leadershipLost(was);
            transfers.leadershipLost();
        }
        timer.reset();
        announce(reason);
    }

    /** The leader of the term fell silent. */
    void forgetLeader(FollowerState follower, String reason) {
        follower.leader = null;
        announce(reason);
    }

    /** Asks for pre-votes in the current term, or campaigns in the next one with its own vote saved. */
    CandidateState becomeCandidate(boolean preVote, boolean transfer, String reason) {
        if (state.leads() || !state.mayCampaign()) {
            throw new IllegalStateException("a " + state.shownRole() + " campaigns");
        }
        if (!preVote) {
            // The vote is durable before it is asked for: nobody may have two in a term (§3.8).
            state.enterTerm(state.term() + 1, state.self);
        }
        boolean shown = state.role instanceof CandidateState;
        CandidateState candidate = new CandidateState(preVote, transfer);
        if (state.isThisVoter(state.selfMember())) {
            candidate.granted.add(state.self);
        }
        state.role = candidate;
        timer.reset();
        if (!shown || !preVote) {
            announce(reason);
        }
        return candidate;
    }

    void becomeLeader(CandidateState candidate) {
        if (candidate.preVote || state.role != candidate) {
            throw new IllegalStateException("a leader that was not elected");
        }
        LeaderState leader = new LeaderState(state.log.lastIndex() + 1);
        leader.follow(state.membership(), state.self, state.log.lastIndex() + 1, state.now());
        suspectWhoWasMissed(leader, candidate);
        state.role = leader;
        state.stranded = null;
        timer.stop();
        // An entry of the own term lets the leader commit what earlier terms left (§6.4).
        state.appendControl(new Payload.NoOp(state.log.control().view() + 1));
        announce("elected by " + candidate.granted);
        waiters.leadershipGained();
        reads.leadershipGained();
        replication.heartbeat(leader);
    }

    /**
     * Who was missed before and has not voted is not shown as healthy until it is heard. No more than suspected: this
     * leader has yet to find out for how long it is silent, and probes it like the others.
     */
    private void suspectWhoWasMissed(LeaderState leader, CandidateState candidate) {
        for (Progress peer : leader.peers()) {
            if (!candidate.granted.contains(peer.id) && state.knownHealth.of(peer.id, state.now()) != Health.HEALTHY) {
                peer.health = Health.SUSPECTED;
            }
        }
    }

    private void announce(String reason) {
        state.emit(new Effect.RoleChanged(state.shownRole(), state.term(), state.leader(), reason));
    }
}
