package io.replog.api.client;

import io.replog.api.problem.Problem;

/** A node answered, but not with what was asked for. */
public final class RefusedException extends ReplogException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    RefusedException(Problem problem) {
        super(Problems.describe(problem), null);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
