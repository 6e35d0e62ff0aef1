package io.replog.core.protocol;

/** Bytes from a peer are not a message of this version. */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
