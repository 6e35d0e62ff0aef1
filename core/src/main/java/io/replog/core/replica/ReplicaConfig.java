package io.replog.core.replica;

import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;

/**
 * What a replica is told at its start. Every bound on a queue, a batch or a wait has its name here.
 *
 * @param self                  this node, a member of {@code configured}
 * @param configured            the members as the settings have them; decides nothing once the log holds a membership
 * @param founder               whether this node founds the cluster where there is none: set on the master alone
 * @param fixedLeader           {@code replog.failover=false}: the one voter leads, and a blank founder never joins
 *                              peers that hold data
 * @param timing                intervals and time-outs
 * @param limits                bounds of queues, batches and caches
 */
public record ReplicaConfig(
        NodeId self, Membership configured, boolean founder, boolean fixedLeader, Timing timing, Limits limits) {

    /**
     * All in nanoseconds, above 0.
     *
     * @param heartbeatInterval between two heartbeats of a leader
     * @param electionTimeout   a time-out is drawn from [1, 2] × this; also how long a leader may miss a quorum before
     *                          it steps down
     * @param spareAfter        how long a voter is unhealthy before a spare steps in
     * @param commitNotice      how long a leader waits for an append to carry a new commit index before it tells the
     *                          followers without one
     */
    public record Timing(long heartbeatInterval, long electionTimeout, long spareAfter, long commitNotice) {}

    /**
     * @param batchBytes       entries of one {@code AppendEntries}, unless a single entry is larger
     * @param inFlightBatches  batches on the way to one peer
     * @param inFlightBytes    bytes on the way to one peer
     * @param tailBytes        newest entries kept in memory
     * @param uncommittedBytes of a leader's log beyond which it refuses writes with {@link Refusal#OVERLOADED}
     * @param waiting          requests that wait for acknowledgement, beyond which it refuses writes likewise
     * @param requestKeys      idempotency keys and, separately, clients that are remembered
     * @param snapshotBytes    of log that are applied after a state snapshot before the next one is taken
     */
    public record Limits(
            int batchBytes,
            int inFlightBatches,
            int inFlightBytes,
            long tailBytes,
            long uncommittedBytes,
            int waiting,
            int requestKeys,
            long snapshotBytes) {}
}
