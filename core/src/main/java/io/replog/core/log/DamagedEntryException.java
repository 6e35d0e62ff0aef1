package io.replog.core.log;

/** Bytes that should be an entry are not one: torn, flipped, or of a format this version does not know. */
public final class DamagedEntryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DamagedEntryException(String message) {
        super(message);
    }
}
