package io.replog.checker;

/** How an operation ended, for the client that asked for it. */
public enum Status {
    /** Done. */
    OK,
    /** Refused with the promise that it has no effect, ever. */
    REFUSED,
    /** Nobody knows: it may take effect at any time after it was asked for, or never. */
    UNKNOWN
}
