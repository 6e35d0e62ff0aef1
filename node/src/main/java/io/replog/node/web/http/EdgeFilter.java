package io.replog.node.web.http;

import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.core.replica.ReplicaStatus;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outermost filter: every response is counted and has the node's headers, and whatever goes wrong inside is answered with a problem.
 * Where the answer has begun already, the connection is cut instead, so that nobody takes half an answer for a whole one.
 */
public final class EdgeFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(EdgeFilter.class);

    private final transient NodeHeaders headers;
    private final transient RequestMeters meters;

    public EdgeFilter(NodeHeaders headers, RequestMeters meters) {
        this.headers = headers;
        this.meters = meters;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        long begin = System.nanoTime();
        try {
            work(request, response, chain);
        } finally {
            meters.answered(request, response.getStatus(), System.nanoTime() - begin);
        }
    }

    private void work(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ReplicaStatus before = headers.set(response);
        try {
            chain.doFilter(request, response);
            headers.update(response, before);
        } catch (IOException e) {
            // The client has gone, or its request broke off: nobody is there to be answered.
            throw e;
        } catch (ServletException | RuntimeException e) {
            Throwable cause = e instanceof ServletException && e.getCause() != null ? e.getCause() : e;
            if (cause instanceof ProblemException && response.isCommitted() && response.getStatus() >= 400) {
                // The server found the request malformed while its body was read, and answers by itself.
                request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
                return;
            }
            if (response.isCommitted() || cause instanceof IOException) {
                throw e;
            }
            headers.update(response, before);
            answer(request, response, cause);
        }
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, Throwable cause)
            throws IOException {
        switch (cause) {
            case ProblemException e -> ProblemWriter.write(request, response, e.problem(), e.headers());
            case NotLeaderException _ ->
                ProblemWriter.write(
                        request, response, Problem.of(ProblemType.NO_LEADER, "this node does not lead"), Map.of());
            default -> {
                LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), cause);
                ProblemWriter.write(
                        request,
                        response,
                        Problem.of(ProblemType.INTERNAL_ERROR, "a fault of ours; the node's log says more"),
                        Map.of());
            }
        }
    }
}
