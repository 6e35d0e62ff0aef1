package io.replog.cli;

/** What the process tells the shell that started it. */
public final class ExitStatus {
    public static final int DONE = 0;

    /** A node refused, or a check failed. */
    public static final int REFUSED = 1;

    /** The command line was not understood. */
    public static final int USAGE = 2;

    /** The outcome is unknown, or nobody was reached. */
    public static final int UNKNOWN = 3;

    private ExitStatus() {}
}
