package io.replog.core.replica;

import io.replog.core.quorum.Member;

/**
 * Draws election time-outs from [1, 2] × the setting. Where voters have different priorities, each priority draws from a
 * band of its own, the higher the earlier, so that it campaigns first; with equal ones each has the whole range. Who wins
 * is decided by votes alone.
 */
final class ElectionTimer {
    private final ReplicaState state;
    private long timeout;

    ElectionTimer(ReplicaState state) {
        this.state = state;
    }

    /** Begins a new time-out, drawn anew. */
    void reset() {
        timeout = draw();
        extend();
    }

    /** The leader was heard: the time-out begins again. */
    void extend() {
        state.electionDeadline = state.mayCampaign() ? state.now() + timeout : Long.MAX_VALUE;
    }

    /** Sees to it that a node that may campaign now, and could not before, does so in time. */
    void ensure() {
        if (state.electionDeadline == Long.MAX_VALUE && !state.leads() && state.mayCampaign()) {
            reset();
        }
    }

    /** Campaigns in this very step, where it may. */
    void expire() {
        state.electionDeadline = state.mayCampaign() ? state.now() : Long.MAX_VALUE;
    }

    void stop() {
        state.electionDeadline = Long.MAX_VALUE;
    }

    private long draw() {
        Member self = state.selfMember();
        long base = state.timing().electionTimeout();
        if (self == null) {
            return base;
        }
        long bands = state.membership().members().stream()
                .filter(member -> member.kind().mayLead())
                .mapToInt(Member::priority)
                .distinct()
                .count();
        long before = state.membership().members().stream()
                .filter(member -> member.kind().mayLead())
                .mapToInt(Member::priority)
                .filter(priority -> priority > self.priority())
                .distinct()
                .count();
        long width = Math.max(1, base / Math.max(1, bands));
        return base + before * width + state.random.nextLong(width);
    }
}
