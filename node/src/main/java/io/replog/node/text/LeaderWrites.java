package io.replog.node.text;

import io.replog.api.ReplogHeaders;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvResult;
import io.replog.core.quorum.Member;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.forward.LeaderTransport;
import io.replog.node.web.forward.LeaderWatch;
import io.replog.node.web.http.NotLeaderException;
import io.replog.node.web.http.Outcomes;
import io.replog.node.web.http.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes writes to the leader: into this node's log where it leads, else to the HTTP port of the node that does, once. Thread-safe.
 */
final class LeaderWrites {
    private static final JsonMapper JSON = new JsonMapper();

    private final ReplicatedLog log;
    private final LeaderTransport transport;
    private final LeaderWatch watch;
    private final Duration leaderWait;
    private final Executor blocking;

    /** @param blocking runs what waits */
    LeaderWrites(ReplicatedLog log, LeaderTransport transport, Duration leaderWait, Executor blocking) {
        this.log = log;
        this.transport = transport;
        this.watch = new LeaderWatch(log, leaderWait);
        this.leaderWait = leaderWait;
        this.blocking = blocking;
    }

    /** The order of one connection's writes. Not thread-safe. */
    static final class Lane {
        /** Completes when all that was sent to another node is answered. */
        private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
    }

    /**
     * Writes; never blocks.
     *
     * @param lane in which writes are worked on in the order of the calls
     * @param own  completes futures that the log completes
     * @return completes exceptionally with a {@link ProblemException} where the write is not acknowledged
     */
    CompletableFuture<WriteAnswer> write(WriteRequest request, Lane lane, Executor own) {
        if (!lane.sent.isDone() || log.status().role() != Role.LEADER) {
            return takeToLeader(request, lane);
        }
        CompletableFuture<Outcome> appended;
        try {
            appended = log.append(request.encoded(), request.w(), Deadline.NONE);
        } catch (ReplicatedLog.NotAcceptedException e) {
            appended = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Outcome> outcome = appended;
        CompletableFuture<Boolean> refused = outcome.handleAsync((ended, _) -> isNotLeader(ended), own);
        return refused.thenCompose(notLeader ->
                notLeader ? takeToLeader(request, lane) : CompletableFuture.completedFuture(answer(outcome)));
    }

    private static boolean isNotLeader(@Nullable Outcome outcome) {
        return outcome instanceof Outcome.Refused(Refusal reason) && reason == Refusal.NOT_LEADER;
    }

    private CompletableFuture<WriteAnswer> takeToLeader(WriteRequest request, Lane lane) {
        CompletableFuture<WriteAnswer> answer =
                lane.sent.handle((_, _) -> request).thenApplyAsync(this::takeToLeader, blocking);
        lane.sent = answer;
        return answer;
    }

    private WriteAnswer takeToLeader(WriteRequest request) {
        try {
            Deadline patience = Deadline.after(leaderWait);
            String lastRefusal = null;
            while (true) {
                ReplicaStatus status = watch.awaitLeader(patience);
                Member leader = LeaderWatch.leaderOf(status);
                if (leader != null && leader.id().equals(log.self())) {
                    try {
                        return answer(log.append(request.encoded(), request.w(), Deadline.NONE));
                    } catch (NotLeaderException e) {
                        lastRefusal = "this node does not lead";
                    }
                } else if (leader != null) {
                    Sent sent = send(request, leader, status.term());
                    if (sent.answer() != null) {
                        return sent.answer();
                    }
                    lastRefusal = sent.refusal();
                }
                if (log.stopping()) {
                    throw ProblemException.of(ProblemType.SHUTTING_DOWN, "the node is stopping");
                }
                if (patience.remaining().isZero()) {
                    throw lastRefusal == null
                            ? ProblemException.of(
                                    ProblemType.NO_LEADER,
                                    "no leader was known within " + leaderWait.toMillis() + " ms")
                            : ProblemException.of(ProblemType.UNAVAILABLE, lastRefusal);
                }
                watch.awaitChange(status, patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.of(ProblemType.SHUTTING_DOWN, "the node is stopping");
        }
    }

    /** Either an answer, or why nothing was worked on. */
    private record Sent(
            @Nullable WriteAnswer answer, @Nullable String refusal) {}

    private Sent send(WriteRequest request, Member leader, long term) {
        LeaderTransport.Request forwarded = new LeaderTransport.Request(
                request.method(),
                request.target(),
                List.of(
                        Map.entry("Content-Type", request.contentType()),
                        Map.entry(ReplogHeaders.FORWARDED_BY, log.self().value())),
                request.body());
        return switch (transport.exchange(leader, forwarded, Deadline.NONE, watch.deposed(leader.id(), term))) {
            case LeaderTransport.Result.NotSent notSent -> new Sent(null, notSent.reason());
            case LeaderTransport.Result.Answered answered
            when answered.headers().containsKey(ReplogHeaders.NOT_LEADER.toLowerCase(Locale.ROOT)) ->
                new Sent(null, leader.id() + " does not lead any more");
            case LeaderTransport.Result.Answered answered -> new Sent(answer(answered), null);
            case LeaderTransport.Result.Broken broken ->
                throw ProblemException.of(
                        ProblemType.FORWARDING_BROKE,
                        "the write was sent to " + leader.id() + ", but " + broken.reason()
                                + ": whether it is stored is not known");
        };
    }

    private WriteAnswer answer(CompletableFuture<Outcome> appended) {
        Outcome outcome = Outcomes.await(log, () -> appended);
        if (!(outcome instanceof Outcome.Acknowledged acknowledged)) {
            throw new IllegalStateException("a write ended as " + outcome);
        }
        long id = acknowledged.placement().lastId();
        return switch (acknowledged.kv()) {
            case KvResult.Applied applied -> new WriteAnswer(id, applied.value(), applied.previous());
            case KvResult.ValueTooLarge _ ->
                throw ProblemException.of(
                        ProblemType.TOO_LARGE,
                        "the key's value would grow beyond " + KvCommand.MAX_VALUE_BYTES + " bytes");
            case KvResult.ConditionFailed _, KvResult.Forgotten _ ->
                throw new IllegalStateException("a write without condition or key ended as " + acknowledged);
            case null -> new WriteAnswer(id, null, null);
        };
    }

    private static WriteAnswer answer(LeaderTransport.Result.Answered answered) {
        try {
            if (answered.status() >= 300) {
                throw new ProblemException(JSON.readValue(answered.body(), Problem.class));
            }
            JsonNode body = JSON.readTree(answered.body());
            return new WriteAnswer(body.path("id").asLong(0), text(body, "value"), text(body, "previous"));
        } catch (JacksonException e) {
            throw ProblemException.of(
                    ProblemType.INTERNAL_ERROR, "the leader's answer of status " + answered.status() + " is no JSON");
        }
    }

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode node = body.path(field);
        return node.isString() ? node.stringValue() : null;
    }
}
