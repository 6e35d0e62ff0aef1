package io.replog.core.replica;

import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.statemachine.StateMachineView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replica at one moment, for readers on other threads. Immutable.
 *
 * @param cluster      the cluster, {@link ClusterId#NONE} while the node is blank
 * @param role         of this node
 * @param term         the newest term seen
 * @param leader       of the term, null where unknown
 * @param view         number of the view
 * @param commitIndex  as this node knows it
 * @param lastIndex    of this node's log, durable or not
 * @param durableIndex of this node's log
 * @param quorum       on the leader: whether it hears from a majority; elsewhere: whether there is a leader
 * @param writable     whether this node would accept a write now
 * @param catchingUp   whether it still lacks entries that were committed when it came up, or, as a voter, its vote
 * @param stranded     why the node can neither found nor join, null where it is fine
 * @param members      as this node sees them, sorted by id
 * @param state        the applied state, for reads without the replica's thread
 */
public record ReplicaStatus(
        ClusterId cluster,
        Role role,
        long term,
        @Nullable NodeId leader,
        long view,
        long commitIndex,
        long lastIndex,
        long durableIndex,
        boolean quorum,
        boolean writable,
        boolean catchingUp,
        @Nullable String stranded,
        List<MemberStatus> members,
        StateMachineView state) {

    /** How a member looks from here, by the heartbeats that were heard. */
    public enum Health {
        HEALTHY,
        SUSPECTED,
        UNHEALTHY
    }

    /**
     * @param member     as the membership has it
     * @param role       its role as far as known
     * @param health     on the leader what it sees; elsewhere the leader as it is heard, and the others as it says of them
     * @param matchIndex on the leader: up to here the member is known to hold the log durably; elsewhere 0, but for itself
     */
    public record MemberStatus(Member member, Role role, Health health, long matchIndex) {}
}
