package io.replog.node.faults;

import io.replog.api.ReplogHeaders;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;

/**
 * Faults of clients' requests. It stands in the server's pipeline rather than among the filters, since only there a
 * connection can be closed without an answer.
 */
public final class ClientFaultValve extends ValveBase {
    private static final List<String> SPARED =
            List.of("/faults", "/health", "/cluster", "/actuator", "/livez", "/readyz", "/peer");
    private static final byte[] PROBLEM =
            ("{\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500,"
                            + "\"detail\":\"a fault on purpose (errorRate of /faults)\",\"outcome\":\"unknown\"}")
                    .getBytes(StandardCharsets.UTF_8);

    private final Faults faults;
    private final RandomGenerator random;

    /** @param random decides which requests are hit; thread-safe */
    public ClientFaultValve(Faults faults, RandomGenerator random) {
        super(true);
        this.faults = faults;
        this.random = random;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        FaultSettings.Clients clients = faults.settings().clients();
        if (isFromBlockedPeer(request)) {
            closeUnanswered(response);
        } else if (isSpared(request.getRequestURI())) {
            getNext().invoke(request, response);
        } else if (hits(clients.dropRequests())) {
            closeUnanswered(response);
        } else if (hits(clients.dropReplies())) {
            workUnheard(request, response);
            closeUnanswered(response);
        } else if (hits(clients.errorRate())) {
            workUnheard(request, response);
            answerError(response);
        } else {
            getNext().invoke(request, response);
        }
    }

    /** Works on the request; {@link UnheardFilter} keeps what is answered from going anywhere. */
    private void workUnheard(Request request, Response response) throws IOException, ServletException {
        request.setAttribute(UnheardFilter.UNHEARD, true);
        getNext().invoke(request, response);
    }

    private static void closeUnanswered(Response response) {
        response.setSuspended(true);
        response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
    }

    private static void answerError(Response response) throws IOException {
        if (response.isCommitted()) {
            closeUnanswered(response);
            return;
        }
        response.reset();
        response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        response.setContentType("application/problem+json");
        response.setContentLength(PROBLEM.length);
        response.getOutputStream().write(PROBLEM);
    }

    /** What a blocked peer forwards does not pass either. */
    private boolean isFromBlockedPeer(Request request) {
        String peer = request.getHeader(ReplogHeaders.FORWARDED_BY);
        return peer != null && faults.settings().peers().cutsFrom(peer);
    }

    private boolean hits(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private static boolean isSpared(@Nullable String path) {
        if (path == null) {
            // The request line is malformed: the server refuses it by itself.
            return true;
        }
        for (String spared : SPARED) {
            if (path.equals(spared) || path.startsWith(spared + "/")) {
                return true;
            }
        }
        return false;
    }
}
