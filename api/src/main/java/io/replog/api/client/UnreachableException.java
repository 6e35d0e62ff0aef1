package io.replog.api.client;

import org.jspecify.annotations.Nullable;

/** No node answered in time. */
public final class UnreachableException extends ReplogException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
