package io.replog.api.client;

import org.jspecify.annotations.Nullable;

/** A call to the cluster that gave no result. Its message is one line for people. */
public abstract sealed class ReplogException extends RuntimeException
        permits RefusedException, UnreachableException, WriteFailedException {
    private static final long serialVersionUID = 1L;

    ReplogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
