package io.replog.core.statemachine;

/** Records that should be a state snapshot are not one: torn, flipped, missing, or of a format this version does not know. */
public final class DamagedSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DamagedSnapshotException(String message) {
        super(message);
    }
}
