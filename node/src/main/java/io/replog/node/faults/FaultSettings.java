package io.replog.node.faults;

import io.replog.core.quorum.NodeId;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The faults that are switched on.
 *
 * @param delay      replaces {@code replog.delay}; null leaves it
 * @param jitter     up to this is added to each delay
 * @param clients    of requests of clients
 * @param peers      of messages of peers
 * @param crashAfter the process halts within its n-th client write from now; 0 for never
 * @param fsyncDelay added to each force of a file
 */
record FaultSettings(
        @Nullable Duration delay, Duration jitter, Clients clients, Peers peers, long crashAfter, Duration fsyncDelay) {

    /** Rates from 0 to 1. */
    record Clients(double dropRequests, double dropReplies, double errorRate) {
        static final Clients NONE = new Clients(0, 0, 0);
    }

    /**
     * @param block        nothing passes to or from these
     * @param blockFrom    nothing passes from these to this node
     * @param blockTo      nothing passes from this node to these
     * @param blockEntries no entries pass to or from these
     */
    record Peers(
            double dropRequests,
            double dropReplies,
            double errorRate,
            double duplicate,
            Set<NodeId> block,
            Set<NodeId> blockFrom,
            Set<NodeId> blockTo,
            Set<NodeId> blockEntries) {
        static final Peers NONE = new Peers(0, 0, 0, 0, Set.of(), Set.of(), Set.of(), Set.of());

        boolean cutsFrom(NodeId peer) {
            return block.contains(peer) || blockFrom.contains(peer);
        }

        /** @param name as a header has it, maybe of nobody */
        boolean cutsFrom(String name) {
            return NodeId.isAccepted(name) && cutsFrom(new NodeId(name));
        }

        boolean cutsTo(NodeId peer) {
            return block.contains(peer) || blockTo.contains(peer);
        }
    }

    static final FaultSettings NONE =
            new FaultSettings(null, Duration.ZERO, Clients.NONE, Peers.NONE, 0, Duration.ZERO);
}
