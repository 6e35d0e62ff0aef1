package io.replog.cli.cluster;

import org.jspecify.annotations.Nullable;

/** Nodes of our own cannot be started or steered. The message is one line for people. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ClusterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
