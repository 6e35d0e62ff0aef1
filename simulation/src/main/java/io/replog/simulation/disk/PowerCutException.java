package io.replog.simulation.disk;

/** The simulated machine lost its power in the middle of a call to its disk. */
public final class PowerCutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PowerCutException(String message) {
        super(message);
    }
}
