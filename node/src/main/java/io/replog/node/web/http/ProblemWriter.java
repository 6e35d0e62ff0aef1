package io.replog.node.web.http;

import io.replog.api.ReplogMediaTypes;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemOutcome;
import io.replog.api.problem.ProblemType;
import io.replog.node.web.json.JsonBuffer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes problems as {@code application/problem+json}. Thread-safe. */
public final class ProblemWriter {
    /** Seconds after which a refused write may be worth another try: about the time of a failover. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private ProblemWriter() {}

    /**
     * Answers {@code request} with {@code problem}. That nothing was stored is true of a read too, and is said, so that a
     * client need not know what it asked; a read leaves nothing unknown.
     */
    public static void write(
            HttpServletRequest request, HttpServletResponse response, Problem problem, Map<String, String> headers)
            throws IOException {
        boolean unknown = problem.outcome() == ProblemOutcome.UNKNOWN;
        Problem written = unknown && isRead(request) ? problem.ofRead() : problem;
        response.resetBuffer();
        response.setStatus(written.status());
        headers.forEach(response::setHeader);
        if (written.status() == 429 || written.status() == 503) {
            response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        if (written.status() >= 500) {
            // A broken or forwarded request may have left headers of an answer that was not given.
            response.setHeader("Location", null);
            response.setHeader("ETag", null);
        }
        response.setContentType(ReplogMediaTypes.PROBLEM_JSON);
        JsonBuffer body = toJson(written);
        response.setContentLength(body.length());
        if (!"HEAD".equals(request.getMethod())) {
            body.drainTo(response.getOutputStream());
        }
    }

    /** A problem for a status that HTTP or a framework chose. */
    public static Problem ofStatus(int status, String detail) {
        for (ProblemType type : FOR_STATUS) {
            if (type.status() == status) {
                return Problem.of(type, detail);
            }
        }
        if (status >= 500) {
            return Problem.of(ProblemType.INTERNAL_ERROR, detail);
        }
        return new Problem(
                "about:blank", "HTTP " + status, status, detail, ProblemOutcome.NOT_STORED, null, null, null, null);
    }

    static JsonBuffer toJson(Problem problem) {
        JsonBuffer json = new JsonBuffer(384);
        json.ascii("{\"type\":").string(problem.type());
        json.ascii(",\"title\":").string(problem.title());
        json.ascii(",\"status\":").number(problem.status());
        json.ascii(",\"detail\":").string(problem.detail());
        if (problem.outcome() != null) {
            json.ascii(",\"outcome\":").string(problem.outcome().text());
        }
        if (problem.acks() != null && problem.index() == null) {
            // An entry that nobody here can place: that is said, not left out.
            json.ascii(",\"id\":null,\"index\":null");
        } else {
            number(json, "id", problem.id());
            number(json, "index", problem.index());
        }
        ids(json, "acks", problem.acks());
        ids(json, "missing", problem.missing());
        return json.raw('}');
    }

    private static final List<ProblemType> FOR_STATUS = List.of(
            ProblemType.BAD_REQUEST,
            ProblemType.UNAUTHORIZED,
            ProblemType.FORBIDDEN,
            ProblemType.NOT_FOUND,
            ProblemType.METHOD_NOT_ALLOWED,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.TOO_LARGE,
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            ProblemType.INTERNAL_ERROR,
            ProblemType.UNAVAILABLE);

    private static boolean isRead(HttpServletRequest request) {
        return "GET".equals(request.getMethod())
                || "HEAD".equals(request.getMethod())
                || "OPTIONS".equals(request.getMethod());
    }

    private static void number(JsonBuffer json, String name, @Nullable Long value) {
        if (value != null) {
            json.raw(',').string(name).raw(':').number(value);
        }
    }

    private static void ids(JsonBuffer json, String name, @Nullable List<String> ids) {
        if (ids != null) {
            json.raw(',').string(name).raw(':').plainStrings(ids);
        }
    }
}
