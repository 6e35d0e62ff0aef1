package io.replog.node.web.http;

import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.node.engine.ReplicatedLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** From how a request ended in the log to how it is answered. */
public final class Outcomes {
    private Outcomes() {}

    /**
     * Waits for the outcome of a request and gives it where it is neither refused nor unknown.
     *
     * @throws ProblemException   where it is
     * @throws NotLeaderException where this node does not lead: nothing is stored
     */
    public static Outcome await(ReplicatedLog log, Supplier<CompletableFuture<Outcome>> request) {
        return switch (outcome(request)) {
            case Outcome.Refused refused -> throw refusal(log, refused.reason());
            case Outcome.Unknown unknown -> throw new ProblemException(unknown(unknown));
            case Outcome other -> other;
        };
    }

    private static Outcome outcome(Supplier<CompletableFuture<Outcome>> request) {
        try {
            return request.get().get();
        } catch (ReplicatedLog.LogFullException e) {
            throw ProblemException.of(ProblemType.DISK_FULL, String.valueOf(e.getMessage()));
        } catch (ReplicatedLog.LogBusyException e) {
            throw ProblemException.of(ProblemType.OVERLOADED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the outcome", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        }
    }

    private static RuntimeException failure(Throwable cause) {
        return switch (cause) {
            case ReplicatedLog.LogFullException full ->
                ProblemException.of(ProblemType.DISK_FULL, String.valueOf(full.getMessage()));
            case ReplicatedLog.LogBusyException busy ->
                ProblemException.of(ProblemType.OVERLOADED, String.valueOf(busy.getMessage()));
            default -> new IllegalStateException("the log failed", cause);
        };
    }

    private static RuntimeException refusal(ReplicatedLog log, Refusal reason) {
        return switch (reason) {
            case NOT_LEADER -> new NotLeaderException();
            case NO_QUORUM ->
                ProblemException.of(
                        ProblemType.NO_QUORUM,
                        "the leader does not hear from a majority of the voters; it is read-only");
            case DEADLINE ->
                ProblemException.of(
                        ProblemType.DEADLINE_BEFORE_APPEND, "the deadline passed before the request was worked on");
            case OVERLOADED -> ProblemException.of(ProblemType.OVERLOADED, "too many writes are waiting on the leader");
            case WRITE_CONCERN ->
                ProblemException.badRequest("w: accepted are a whole number from 1 to " + dataBearing(log)
                        + " (the data-bearing members), 'majority' and 'all'");
            case KEY_REUSED ->
                ProblemException.of(
                        ProblemType.KEY_REUSED,
                        "the key was used with another request: accepted is the same body again");
            case SEQUENCE_TOO_OLD ->
                ProblemException.of(ProblemType.SEQUENCE_TOO_OLD, "Client-Seq is below the last one of this Client-Id");
            case UNKNOWN_INDEX -> ProblemException.of(ProblemType.NOT_FOUND, "the leader's log has no such entry");
            case UNKNOWN_MEMBER -> ProblemException.of(ProblemType.NOT_FOUND, "no member has this id");
            case MEMBER_NOT_READY ->
                ProblemException.of(
                        ProblemType.MEMBER_NOT_READY,
                        "the member is unreachable, lags too far behind, or is of a kind that does not allow it");
            case CHANGE_IN_PROGRESS ->
                ProblemException.of(
                        ProblemType.CHANGE_IN_PROGRESS, "another membership change or hand-over is under way");
            case CHANGE_NOT_ALLOWED ->
                ProblemException.of(
                        ProblemType.CHANGE_NOT_ALLOWED,
                        "the change would leave the cluster without a voter that bears data, or is otherwise not allowed");
        };
    }

    private static Problem unknown(Outcome.Unknown unknown) {
        Outcome.Placement placement = unknown.placement();
        ProblemType type =
                switch (unknown.cause()) {
                    case DEADLINE -> ProblemType.DEADLINE_AFTER_APPEND;
                    case LEADERSHIP_LOST -> ProblemType.LEADERSHIP_LOST;
                };
        String detail = "the entry is appended and goes on replicating; held by " + placement.acks() + ", not yet by "
                + placement.missing();
        return Problem.of(type, detail)
                .withPlacement(
                        placement.lastId() == 0 ? null : placement.lastId(),
                        placement.index(),
                        names(placement.acks()),
                        names(placement.missing()));
    }

    private static long dataBearing(ReplicatedLog log) {
        return log.status().members().stream()
                .filter(member -> member.member().kind().bearsData())
                .count();
    }

    private static List<String> names(List<NodeId> ids) {
        return ids.stream().map(NodeId::value).toList();
    }
}
