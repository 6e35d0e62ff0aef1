package io.replog.core.replica;

import io.replog.core.quorum.NodeId;
import java.util.HashSet;
import java.util.Set;

/** Asks for votes, or in the pre-vote whether it would get them. */
final class CandidateState implements RoleState {
    /** Whether it only asks who would vote for it; the term is then still the old one. */
    final boolean preVote;

    /** Set where the old leader asked for this election. */
    final boolean transfer;

    /** Voters that granted, each counted once. */
    final Set<NodeId> granted = new HashSet<>();

    CandidateState(boolean preVote, boolean transfer) {
        this.preVote = preVote;
        this.transfer = transfer;
    }
}
