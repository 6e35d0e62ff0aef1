package io.replog.node.engine;

import io.replog.api.cluster.ClusterEvent;
import java.util.List;

/** What this node saw happen to its cluster since it started, the newest of it. Thread-safe. */
public interface ClusterEvents {
    /** Sequence number of the newest event, 0 where there was none. */
    long lastSequence();

    /**
     * The events that are still kept with a sequence number above {@code sequence}, in order; waits for one until the
     * deadline, and then gives none.
     */
    List<ClusterEvent> awaitAfter(long sequence, Deadline deadline) throws InterruptedException;
}
