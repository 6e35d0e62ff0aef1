package io.replog.core.replica;

import io.replog.core.quorum.NodeId;
import org.jspecify.annotations.Nullable;

/** A linearizable read that waits. */
final class PendingRead extends Timed {
    /** Id of the request, at this node or, where {@link #from} is set, of the question at that follower. */
    final long requestId;

    /** The follower that asked for an index, null for a request of this node. */
    final @Nullable NodeId from;

    /** The index from which it may be answered, once that is known. */
    long index;

    PendingRead(long requestId, long deadline, @Nullable NodeId from) {
        super(deadline);
        this.requestId = requestId;
        this.from = from;
    }
}
