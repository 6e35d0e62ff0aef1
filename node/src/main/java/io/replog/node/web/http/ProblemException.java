package io.replog.node.web.http;

import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import java.util.Map;

/** Ends a request with a problem. Expected, so it carries no stack trace. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    public ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    /** @param headers that the answer has besides */
    public ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    public static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(Problem.of(type, detail));
    }

    /** 400; the detail names the field and what is accepted. */
    public static ProblemException badRequest(String detail) {
        return of(ProblemType.BAD_REQUEST, detail);
    }

    public Problem problem() {
        return problem;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
