package io.replog.core.replica;

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
        if (state.isLeaving()) {
            // Were the others of its majority witnesses, nobody could be elected once this node is gone.
            candidate = Math.min(candidate, leader.heldBySuccessors());
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
}
