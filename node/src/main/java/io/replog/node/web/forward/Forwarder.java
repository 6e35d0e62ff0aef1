package io.replog.node.web.forward;

import io.replog.api.ReplogHeaders;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.core.quorum.Member;
import io.replog.core.replica.ReplicaStatus;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.NodeHeaders;
import io.replog.node.web.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends one request to the leader and gives its answer back. */
final class Forwarder {
    /** What concerns one connection alone (RFC 9110, §7.6.1), or is made anew. */
    private static final Set<String> NOT_FORWARDED = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "content-length",
            "expect",
            "accept-encoding",
            "replog-deadline");

    private static final List<String> GIVEN_BACK = List.of(
            "Content-Type",
            "Location",
            "ETag",
            "Retry-After",
            "Allow",
            ReplogHeaders.IDEMPOTENT_REPLAYED,
            ReplogHeaders.LEADER,
            ReplogHeaders.TERM);

    /** The leader answers at the deadline by itself, and says more than this node could. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final ReplicatedLog log;
    private final LeaderWatch watch;
    private final LeaderTransport transport;
    private final NodeHeaders nodeHeaders;

    Forwarder(ReplicatedLog log, LeaderWatch watch, LeaderTransport transport) {
        this.log = log;
        this.watch = watch;
        this.transport = transport;
        this.nodeHeaders = new NodeHeaders(log);
    }

    /**
     * @param term of which {@code leader} is the leader
     * @return null where the request is answered; else why it was not worked on, so that it may be sent elsewhere
     * @throws ProblemException 504 where it was sent and no answer came
     */
    @Nullable String forward(
            Member leader,
            long term,
            HttpServletRequest request,
            byte[] body,
            Deadline deadline,
            HttpServletResponse response)
            throws IOException {
        Deadline patience = deadline.isNone()
                ? deadline
                : Deadline.after(deadline.remaining().plus(GRACE));
        LeaderTransport.Result result = transport.exchange(
                leader, toForward(request, body, deadline), patience, watch.deposed(leader.id(), term));
        return switch (result) {
            case LeaderTransport.Result.NotSent notSent -> notSent.reason();
            case LeaderTransport.Result.Answered answer
            when answer.headers().containsKey(ReplogHeaders.NOT_LEADER.toLowerCase(Locale.ROOT)) ->
                leader.id() + " does not lead any more";
            case LeaderTransport.Result.Answered answer -> {
                giveBack(answer, response);
                yield null;
            }
            case LeaderTransport.Result.Broken broken ->
                throw new ProblemException(Problem.of(
                                ProblemType.FORWARDING_BROKE,
                                "the request was sent to " + leader.id() + ", but " + broken.reason()
                                        + ": whether it is stored, and as what, is not known here; the same request with"
                                        + " the same Idempotency-Key is safe and tells")
                        .withUnknownPlacement(dataBearing()));
        };
    }

    private List<String> dataBearing() {
        return log.status().members().stream()
                .map(ReplicaStatus.MemberStatus::member)
                .filter(member -> member.kind().bearsData())
                .map(member -> member.id().value())
                .toList();
    }

    private LeaderTransport.Request toForward(HttpServletRequest request, byte[] body, Deadline deadline) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Enumeration<String> names = request.getHeaderNames(); names.hasMoreElements(); ) {
            String name = names.nextElement();
            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                for (Enumeration<String> values = request.getHeaders(name); values.hasMoreElements(); ) {
                    headers.add(Map.entry(name, values.nextElement()));
                }
            }
        }
        headers.add(Map.entry(ReplogHeaders.FORWARDED_BY, log.self().value()));
        if (!deadline.isNone()) {
            headers.add(Map.entry(
                    ReplogHeaders.DEADLINE, Long.toString(deadline.remaining().toMillis())));
        }
        String query = request.getQueryString();
        return new LeaderTransport.Request(
                request.getMethod(), request.getRequestURI() + (query == null ? "" : "?" + query), headers, body);
    }

    private void giveBack(LeaderTransport.Result.Answered answer, HttpServletResponse response) throws IOException {
        nodeHeaders.set(response);
        response.setStatus(answer.status());
        for (String name : GIVEN_BACK) {
            String value = answer.headers().get(name.toLowerCase(Locale.ROOT));
            if (value != null) {
                response.setHeader(name, value);
            }
        }
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }
}
