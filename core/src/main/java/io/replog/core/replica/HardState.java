package io.replog.core.replica;

import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * What a replica must never forget (Raft dissertation, §3.8: persistent state), besides its log.
 *
 * @param cluster     the cluster that the node founded or joined, {@link ClusterId#NONE} while it is blank
 * @param incarnation identity of this disk, not 0, drawn when the data directory was made
 * @param term        the newest term seen
 * @param votedFor    whom the node voted for in {@code term}, null for nobody yet
 */
public record HardState(
        ClusterId cluster,
        long incarnation,
        long term,
        @Nullable NodeId votedFor) {
    /** The hard state of a node whose disk is new. */
    public static HardState blank(long incarnation) {
        return new HardState(ClusterId.NONE, incarnation, 0, null);
    }
}
