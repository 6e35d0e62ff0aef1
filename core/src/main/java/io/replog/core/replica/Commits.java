package io.replog.core.replica;

import io.replog.core.quorum.Member;

/** The leader's commit rule, and what follows from it. */
final class Commits {
    private final ReplicaState state;
    private final Waiters waiters;

    Commits(ReplicaState state, Waiters waiters) {
        this.state = state;
        this.waiters = waiters;
    }

    /** Moves the commit index as far as it may go. */
    void advance(LeaderState leader) {
        Holders holders = waiters.holders(leader);
        leader.replicatedIndex = holders.heldByAll();
        ReplicaLog log = state.log;
        // What this node itself has not stored durably it does not commit: reads of committed entries come from its
        // disk.
        long candidate = Math.min(holders.committable(), log.durableIndex());
        if (!mayStay()) {
            candidate = Math.min(candidate, heldBySuccessors(leader));
        }
        // Only entries of the own term are committed by counting (§3.6.2, figure 3.7); the earlier ones with them.
        if (candidate > log.commitIndex() && log.termAt(candidate) == state.term()) {
            log.commit(candidate);
            state.touch();
            if (leader.commitNoticeAt == Long.MAX_VALUE) {
                leader.commitNoticeAt = state.now() + state.timing().commitNotice();
            }
        }
    }

    private boolean mayStay() {
        Member self = state.selfMember();
        return self != null && self.kind().mayLead();
    }

    /**
     * Up to where a voter that may lead holds the log. A leader that is about to leave commits no more than that: were
     * the others of its majority witnesses, nobody could be elected once it is gone.
     */
    private static long heldBySuccessors(LeaderState leader) {
        long held = 0;
        for (Progress peer : leader.peers()) {
            if (peer.isBoundVoter() && peer.member.kind().mayLead()) {
                held = Math.max(held, peer.matchIndex);
            }
        }
        return held;
    }
}
