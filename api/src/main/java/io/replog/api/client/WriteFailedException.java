package io.replog.api.client;

import io.replog.api.problem.Problem;

/** A write that was not acknowledged, for callers who prefer an exception; see {@link WriteOutcome#orThrow}. */
public final class WriteFailedException extends ReplogException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient RequestKey key;
    private final boolean unknown;

    WriteFailedException(Problem problem, RequestKey key, boolean unknown) {
        super(Problems.describe(problem), null);
        this.problem = problem;
        this.key = key;
        this.unknown = unknown;
    }

    public Problem problem() {
        return problem;
    }

    /** What the write carried to be recognised by: sending it again with it is safe. */
    public RequestKey key() {
        return key;
    }

    /** Whether the write may have been stored; otherwise it was not, for certain. */
    public boolean isUnknown() {
        return unknown;
    }
}
