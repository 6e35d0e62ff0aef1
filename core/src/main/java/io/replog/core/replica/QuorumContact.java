package io.replog.core.replica;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.Membership;
import java.util.Arrays;

/** Whether a leader still hears from a majority of the voters (check-quorum, §6.2). */
final class QuorumContact {
    private final ReplicaState state;

    QuorumContact(ReplicaState state) {
        this.state = state;
    }

    boolean isFresh(LeaderState leader) {
        // Contact only grows: while the last answer holds there is nothing to compute.
        if (state.now() > leader.inContactUntil) {
            long contact = lastContact(leader);
            leader.inContactUntil = contact == Long.MIN_VALUE
                    ? Long.MIN_VALUE
                    : contact + state.timing().electionTimeout();
        }
        return state.now() <= leader.inContactUntil;
    }

    /** When a majority of the voters, this node among them, was heard last: each of them then or later. */
    private long lastContact(LeaderState leader) {
        return majorityOf(leader, true);
    }

    /** The newest round of heartbeats that a majority of the voters has answered. */
    long confirmedRound(LeaderState leader) {
        return majorityOf(leader, false);
    }

    private long majorityOf(LeaderState leader, boolean contact) {
        Membership membership = state.membership();
        long[] values = new long[membership.voterCount()];
        int n = 0;
        for (Member member : membership.members()) {
            if (member.kind().votes()) {
                Progress peer = leader.peer(member.id());
                if (peer == null) {
                    boolean self = member.id().equals(state.self) && state.isThisVoter(member);
                    values[n++] = self ? Long.MAX_VALUE : Long.MIN_VALUE;
                } else if (contact) {
                    // A peer that was not heard yet in this term has the benefit of the doubt.
                    boolean counts = peer.isBound() || peer.incarnation == Member.UNBOUND;
                    values[n++] = counts ? peer.heardAt : Long.MIN_VALUE;
                } else {
                    values[n++] = peer.isBound() ? peer.answeredRound : 0;
                }
            }
        }
        if (n == 0) {
            return Long.MIN_VALUE;
        }
        Arrays.sort(values);
        long value = values[n - (n / 2 + 1)];
        return contact ? Math.min(value, state.now()) : Math.min(value, leader.round);
    }
}
