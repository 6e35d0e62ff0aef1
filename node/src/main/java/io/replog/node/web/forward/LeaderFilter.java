package io.replog.node.web.forward;

import io.replog.api.ReplogHeaders;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.core.quorum.Member;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.BodyBudget;
import io.replog.node.web.http.NodeHeaders;
import io.replog.node.web.http.NotLeaderException;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.http.RequestBody;
import io.replog.node.web.http.WriteParameters;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests that only the leader can answer to it: into this node where it leads, else to the node that does, once.
 * Where nobody leads it waits for a leader, for {@link WebSettings#leaderWait()} or until the request's deadline, so that
 * a failover delays a request and does not fail it. Nothing was stored by a request that is taken on from here.
 */
public final class LeaderFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient ReplicatedLog log;
    private final transient WebSettings settings;
    private final transient BodyBudget budget;
    private final transient NodeHeaders nodeHeaders;
    private final transient LeaderWatch watch;
    private final transient Forwarder forwarder;

    public LeaderFilter(ReplicatedLog log, WebSettings settings, BodyBudget budget, LeaderTransport transport) {
        this.log = log;
        this.settings = settings;
        this.budget = budget;
        this.nodeHeaders = new NodeHeaders(log);
        this.watch = new LeaderWatch(log, settings.leaderWait());
        this.forwarder = new Forwarder(log, watch, transport);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean hasData = log.status().role() != Role.WITNESS;
        if (!LeaderRoutes.isForLeader(request) && (hasData || !LeaderRoutes.isLinearizableRead(request))) {
            chain.doFilter(request, response);
            return;
        }
        try (BodyBudget.Lease lease = budget.lease()) {
            byte[] body = RequestBody.read(request, LeaderRoutes.maxBodyBytes(request, settings), lease);
            RequestBody.Buffered buffered = new RequestBody.Buffered(request, body);
            if (log.status().role() != Role.LEADER || !workedOnHere(buffered, response, chain)) {
                takeToLeader(buffered, body, response, chain);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.of(ProblemType.SHUTTING_DOWN, "the node is stopping");
        }
    }

    /** Whether it was; not, where this node turned out not to lead. */
    private static boolean workedOnHere(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
            return true;
        } catch (NotLeaderException e) {
            return false;
        } catch (ServletException e) {
            if (e.getCause() instanceof NotLeaderException) {
                return false;
            }
            throw e;
        }
    }

    private void takeToLeader(HttpServletRequest request, byte[] body, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException, InterruptedException {
        if (request.getHeader(ReplogHeaders.FORWARDED_BY) != null) {
            throw new ProblemException(
                    Problem.of(ProblemType.NO_LEADER, "the request was forwarded here, but this node does not lead"),
                    Map.of(ReplogHeaders.NOT_LEADER, "true"));
        }
        QueryParameters query = QueryParameters.of(request);
        Deadline deadline = WriteParameters.deadline(request, query);
        Deadline patience = earlier(deadline, Deadline.after(settings.leaderWait()));
        String lastRefusal = null;
        while (true) {
            ReplicaStatus status = watch.awaitLeader(patience);
            Member leader = LeaderWatch.leaderOf(status);
            if (leader != null && leader.id().equals(log.self())) {
                nodeHeaders.set(response);
                if (workedOnHere(request, response, chain)) {
                    return;
                }
                lastRefusal = "this node does not lead";
            } else if (leader != null) {
                if (query.flag("redirect")) {
                    redirect(request, response, leader);
                    return;
                }
                lastRefusal = forwarder.forward(leader, status.term(), request, body, deadline, response);
                if (lastRefusal == null) {
                    return;
                }
            }
            if (log.stopping()) {
                throw ProblemException.of(ProblemType.SHUTTING_DOWN, "the node is stopping");
            }
            if (patience.remaining().isZero()) {
                throw nobody(lastRefusal, patience.equals(deadline));
            }
            watch.awaitChange(status, patience);
        }
    }

    private void redirect(HttpServletRequest request, HttpServletResponse response, Member leader) {
        String query = request.getQueryString();
        nodeHeaders.set(response);
        response.setStatus(HttpServletResponse.SC_TEMPORARY_REDIRECT);
        response.setHeader("Location", leader.url() + request.getRequestURI() + (query == null ? "" : "?" + query));
        response.setContentLength(0);
    }

    private ProblemException nobody(@Nullable String lastRefusal, boolean byDeadline) {
        if (lastRefusal != null) {
            return ProblemException.of(ProblemType.UNAVAILABLE, lastRefusal);
        }
        String wait =
                byDeadline ? "the request's 'timeout'" : settings.leaderWait().toMillis() + " ms";
        return ProblemException.of(ProblemType.NO_LEADER, "no leader was known within " + wait);
    }

    private static Deadline earlier(Deadline one, Deadline other) {
        return one.remaining().compareTo(other.remaining()) < 0 ? one : other;
    }
}
