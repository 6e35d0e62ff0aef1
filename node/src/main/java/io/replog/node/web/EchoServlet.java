package io.replog.node.web;

import io.replog.api.ReplogHeaders;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.node.web.http.BodyBudget;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.RequestBody;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;

/**
 * {@code POST /echo}: the same bytes again, of whatever type. A servlet of its own, so that nothing takes the body apart on
 * the way.
 */
final class EchoServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient BodyBudget budget;
    private final transient InstantSource clock;

    EchoServlet(BodyBudget budget, InstantSource clock) {
        this.budget = budget;
        this.clock = clock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!"POST".equals(request.getMethod())) {
            throw new ProblemException(
                    Problem.of(
                            ProblemType.METHOD_NOT_ALLOWED,
                            request.getMethod() + " is not served here: served is POST"),
                    Map.of("Allow", "POST"));
        }
        try (BodyBudget.Lease lease = budget.lease()) {
            byte[] body = RequestBody.read(request, WebSettings.MAX_BATCH_BYTES, lease);
            String contentType = request.getContentType();
            if (contentType != null) {
                response.setHeader("Content-Type", contentType);
            }
            response.setHeader(ReplogHeaders.TIME, clock.instant().toString());
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }
}
