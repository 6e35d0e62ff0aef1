package io.replog.core.quorum;

/** How much a reader wants to be sure of. */
public enum ReadLevel {
    /** What this node has stored durably; may later be rolled back where it is not committed. */
    LOCAL,
    /** What this node knows to be committed. */
    COMMITTED,
    /** At least all that was acknowledged at {@code majority} or above before the read began. */
    LINEARIZABLE
}
