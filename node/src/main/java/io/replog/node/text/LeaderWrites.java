package io.replog.node.text;

import io.replog.api.ReplogHeaders;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemOutcome;
import io.replog.api.problem.ProblemType;
import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvResult;
import io.replog.core.log.RequestKey;
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
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes writes to the leader: into this node's log where it leads, else to the HTTP port of the node that does. There each has
 * a {@code Client-Id} and {@code Client-Seq} of its connection, so that it takes effect once however often it is sent, and
 * whoever leads when it is sent again. Thread-safe.
 */
final class LeaderWrites {
    private static final JsonMapper JSON = new JsonMapper();

    private final ReplicatedLog log;
    private final LeaderTransport transport;
    private final LeaderWatch watch;
    private final Duration leaderWait;
    private final Executor blocking;
    private final String clientIdPrefix = "text-" + UUID.randomUUID() + "-";
    private final AtomicLong lanes = new AtomicLong();

    /** @param blocking runs what waits */
    LeaderWrites(ReplicatedLog log, LeaderTransport transport, Duration leaderWait, Executor blocking) {
        this.log = log;
        this.transport = transport;
        this.watch = new LeaderWatch(log, leaderWait);
        this.leaderWait = leaderWait;
        this.blocking = blocking;
    }

    /** The order of one connection's writes. Confined to the connection's event loop. */
    static final class Lane {
        private final String clientId;
        private long sequence;
        private long writtenIndex;
        /** Completes when all that was sent to another node is answered. */
        private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

        private Lane(String clientId) {
            this.clientId = clientId;
        }

        /** The highest index of the writes that are acknowledged, 0 where there is none. */
        long writtenIndex() {
            return writtenIndex;
        }
    }

    Lane newLane() {
        return new Lane(clientIdPrefix + lanes.incrementAndGet());
    }

    /**
     * Begins to write; never blocks.
     *
     * @param lane in which writes are worked on in the order of the calls
     * @param wake called on any thread when {@link Write#isDone} is to be asked again
     */
    Write write(WriteRequest request, Lane lane, Runnable wake) {
        return new Write(request, lane, wake);
    }

    /** A write on its way: into this node's log first, where it leads. Confined to the connection's event loop. */
    final class Write {
        private final WriteRequest request;
        private final Lane lane;
        private final Runnable wake;
        private final CompletableFuture<Outcome> appended;
        private @Nullable CompletableFuture<WriteAnswer> taken;

        private Write(WriteRequest request, Lane lane, Runnable wake) {
            this.request = request;
            this.lane = lane;
            this.wake = wake;
            if (lane.sent.isDone() && log.status().role() == Role.LEADER) {
                appended = append(request, RequestKey.NONE);
                wakeWhenDone(appended);
            } else {
                appended = CompletableFuture.completedFuture(new Outcome.Refused(Refusal.NOT_LEADER));
                taken = takeToLeader();
            }
        }

        /** Whether it is acknowledged, or failed. */
        boolean isDone() {
            if (taken == null && isNotLeader(appended)) {
                taken = takeToLeader();
            }
            return taken == null ? appended.isDone() : taken.isDone();
        }

        /** To be called when it is done; throws a {@link ProblemException} where it is not acknowledged. */
        WriteAnswer answer() {
            WriteAnswer answer = taken == null ? LeaderWrites.this.answer(appended) : taken.join();
            lane.writtenIndex = Math.max(lane.writtenIndex, answer.index());
            return answer;
        }

        private CompletableFuture<WriteAnswer> takeToLeader() {
            RequestKey.ClientSequence key =
                    new RequestKey.ClientSequence(lane.clientId, ++lane.sequence, request.fingerprint());
            CompletableFuture<WriteAnswer> answer = lane.sent
                    .handle((_, _) -> request)
                    .thenApplyAsync(_ -> LeaderWrites.this.takeToLeader(request, key), blocking);
            lane.sent = answer;
            wakeWhenDone(answer);
            return answer;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // how it ended is asked of the future itself
        private void wakeWhenDone(CompletableFuture<?> future) {
            if (!future.isDone()) {
                future.whenComplete((_, _) -> wake.run());
            }
        }
    }

    private CompletableFuture<Outcome> append(WriteRequest request, RequestKey key) {
        try {
            return log.append(request.encoded(key), request.w(), Deadline.NONE);
        } catch (ReplicatedLog.NotAcceptedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean isNotLeader(CompletableFuture<Outcome> appended) {
        return appended.state() == Future.State.SUCCESS
                && appended.resultNow() instanceof Outcome.Refused(Refusal reason)
                && reason == Refusal.NOT_LEADER;
    }

    private WriteAnswer takeToLeader(WriteRequest request, RequestKey.ClientSequence key) {
        try {
            Deadline patience = Deadline.after(leaderWait);
            String refusal = null;
            Problem unknown = null;
            while (true) {
                ReplicaStatus status = watch.awaitLeader(patience);
                Member leader = LeaderWatch.leaderOf(status);
                if (leader != null) {
                    switch (attempt(request, key, leader, status.term())) {
                        case Attempt.Done(WriteAnswer answer) -> {
                            return answer;
                        }
                        case Attempt.Refused(Problem problem) -> {
                            if (unknown == null) {
                                throw new ProblemException(problem);
                            }
                            // What was sent before may be stored all the same: only an answer tells.
                        }
                        case Attempt.NotWorkedOn(String reason) -> refusal = reason;
                        case Attempt.Unknown(Problem problem) -> {
                            // The next leader knows, or will: it is waited for once more.
                            patience = unknown == null ? Deadline.after(leaderWait) : patience;
                            unknown = problem;
                        }
                    }
                }
                if (log.stopping() || patience.remaining().isZero()) {
                    throw unknown == null ? notStored(refusal) : new ProblemException(unknown);
                }
                watch.awaitChange(status, patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.of(ProblemType.SHUTTING_DOWN, "the node is stopping");
        }
    }

    private ProblemException notStored(@Nullable String refusal) {
        if (log.stopping()) {
            return ProblemException.of(ProblemType.SHUTTING_DOWN, "the node is stopping");
        }
        return refusal == null
                ? ProblemException.of(
                        ProblemType.NO_LEADER, "no leader was known within " + leaderWait.toMillis() + " ms")
                : ProblemException.of(ProblemType.UNAVAILABLE, refusal);
    }

    /** How one attempt ended. */
    private sealed interface Attempt {
        record Done(WriteAnswer answer) implements Attempt {}

        record Refused(Problem problem) implements Attempt {}

        /** It was not sent, or the node does not lead. */
        record NotWorkedOn(String reason) implements Attempt {}

        /** It may be stored. */
        record Unknown(Problem problem) implements Attempt {}
    }

    private Attempt attempt(WriteRequest request, RequestKey.ClientSequence key, Member leader, long term) {
        try {
            return leader.id().equals(log.self())
                    ? new Attempt.Done(answer(append(request, key)))
                    : send(request, key, leader, term);
        } catch (NotLeaderException e) {
            return new Attempt.NotWorkedOn("this node does not lead");
        } catch (ProblemException e) {
            return e.problem().outcome() == ProblemOutcome.UNKNOWN
                    ? new Attempt.Unknown(e.problem())
                    : new Attempt.Refused(e.problem());
        }
    }

    private Attempt send(WriteRequest request, RequestKey.ClientSequence key, Member leader, long term) {
        LeaderTransport.Request forwarded = request.forwarded(List.of(
                Map.entry("Content-Type", request.contentType()),
                Map.entry(ReplogHeaders.CLIENT_ID, key.clientId()),
                Map.entry(ReplogHeaders.CLIENT_SEQ, Long.toString(key.sequence())),
                Map.entry(ReplogHeaders.FORWARDED_BY, log.self().value())));
        return switch (transport.exchange(leader, forwarded, Deadline.NONE, watch.deposed(leader.id(), term))) {
            case LeaderTransport.Result.NotSent notSent -> new Attempt.NotWorkedOn(notSent.reason());
            case LeaderTransport.Result.Answered answered
            when answered.headers().containsKey(ReplogHeaders.NOT_LEADER.toLowerCase(Locale.ROOT)) ->
                new Attempt.NotWorkedOn(leader.id() + " does not lead any more");
            case LeaderTransport.Result.Answered answered -> new Attempt.Done(answer(answered));
            case LeaderTransport.Result.Broken broken ->
                new Attempt.Unknown(Problem.of(
                        ProblemType.FORWARDING_BROKE,
                        "the write was sent to " + leader.id() + ", but " + broken.reason()
                                + ": whether it is stored is not known"));
        };
    }

    private WriteAnswer answer(CompletableFuture<Outcome> appended) {
        Outcome outcome = Outcomes.await(log, () -> appended);
        if (!(outcome instanceof Outcome.Acknowledged acknowledged)) {
            throw new IllegalStateException("a write ended as " + outcome);
        }
        long index = acknowledged.placement().index();
        long id = acknowledged.placement().lastId();
        return switch (acknowledged.kv()) {
            case KvResult.Applied applied -> new WriteAnswer(index, id, applied.value(), applied.previous());
            case KvResult.ValueTooLarge _ ->
                throw ProblemException.of(
                        ProblemType.TOO_LARGE,
                        "the key's value would grow beyond " + KvCommand.MAX_VALUE_BYTES + " bytes");
            case KvResult.Forgotten _ -> throw forgotten();
            case KvResult.ConditionFailed _ ->
                throw new IllegalStateException("a write without condition ended as " + acknowledged);
            case null -> new WriteAnswer(index, id, null, null);
        };
    }

    private static WriteAnswer answer(LeaderTransport.Result.Answered answered) {
        try {
            if (answered.status() >= 300) {
                throw new ProblemException(JSON.readValue(answered.body(), Problem.class));
            }
            JsonNode body = JSON.readTree(answered.body());
            if (!body.has("id") && !body.has("previous")) {
                throw forgotten();
            }
            return new WriteAnswer(
                    body.path("index").asLong(0),
                    body.path("id").asLong(0),
                    text(body, "value"),
                    text(body, "previous"));
        } catch (JacksonException e) {
            throw ProblemException.of(
                    ProblemType.INTERNAL_ERROR, "the leader's answer of status " + answered.status() + " is no JSON");
        }
    }

    private static ProblemException forgotten() {
        return ProblemException.of(
                ProblemType.FORWARDING_BROKE, "the write is stored, but what it answered first is kept no more");
    }

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode node = body.path(field);
        return node.isString() ? node.stringValue() : null;
    }
}
