package io.replog.core.replica;

import io.replog.core.quorum.NodeId;
import org.jspecify.annotations.Nullable;

/** A follower, learner or witness, or a node that is not a member yet. */
final class FollowerState implements RoleState {
    /** The leader of the term, null while unknown. */
    @Nullable NodeId leader;

    /** Up to here the log is known to be the leader's; 0 until an append of this term matched. */
    long matchedIndex;

    /** The leader's commit index, as far as heard. */
    long leaderCommit;

    /** Up to which index the leader says that all data-bearing members hold the log. */
    long replicatedIndex;

    /** Whether an append is to be answered once it is durable. */
    boolean replyDue;

    /** Where the append that is to be answered began. */
    long replyPrevIndex;
}
