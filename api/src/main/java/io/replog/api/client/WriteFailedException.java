package io.replog.api.client;

import io.replog.api.problem.Problem;

/** A write that was not acknowledged, for callers who prefer an exception; see {@link WriteOutcome#orThrow}. */
public final class WriteFailedException extends ReplogException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final boolean unknown;

    WriteFailedException(Problem problem, boolean unknown) {
        super(Problems.describe(problem), null);
        this.problem = problem;
        this.unknown = unknown;
    }

    public Problem problem() {
        return problem;
    }

    /** Whether the write may have been stored; otherwise it was not, for certain. */
    public boolean isUnknown() {
        return unknown;
    }
}
