package io.replog.storage;

/** What is on the disk is not what was written: the directory must be set aside. */
final class DamagedLogException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedLogException(String message) {
        super(message);
    }
}
