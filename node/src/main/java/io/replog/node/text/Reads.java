package io.replog.node.text;

import io.replog.api.problem.ProblemType;
import io.replog.core.quorum.ReadLevel;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.core.statemachine.StateMachineView;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.ReadGate;
import io.replog.node.web.http.ReadParameters;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** States to read from. What blocks may be called on any thread, {@link #linearizable} on the event loop only. */
final class Reads {
    private final ReplicatedLog log;
    private final ReadGate gate;
    private final Duration patience;
    private final Executor blocking;

    /** Of those who read in this turn of the event loop; null where nobody does yet. */
    private @Nullable CompletableFuture<Outcome> gathering;

    /**
     * @param patience how long a connection waits for its own writes to come to this node
     * @param blocking runs what waits
     */
    Reads(ReplicatedLog log, ReadGate gate, Duration patience, Executor blocking) {
        this.log = log;
        this.gate = gate;
        this.patience = patience;
        this.blocking = blocking;
    }

    /**
     * What this node has applied, after {@code written} or after the patience has come to its end; blocks.
     *
     * @param written index up to which the reader has written, 0 where it has not
     */
    ReplicaStatus applied(long written) {
        requireData(log.status());
        await(() -> log.awaitApplied(written, Deadline.after(patience)));
        return log.status();
    }

    /** As {@link #applied}, for what this node holds durably. */
    void awaitDurable(long written) {
        requireData(log.status());
        await(() -> log.awaitDurable(written, Deadline.after(patience)));
    }

    private interface Wait {
        boolean await() throws InterruptedException;
    }

    private static void await(Wait wait) {
        try {
            wait.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.of(ProblemType.SHUTTING_DOWN, "the node is stopping");
        }
    }

    /**
     * A state that has at least all that was acknowledged before the call; never blocks.
     *
     * @param written as for {@link #applied}
     * @param loop the event loop that the call is made on
     * @return completes exceptionally with a {@link ProblemException} where no quorum confirms it in time
     */
    CompletableFuture<StateMachineView> linearizable(long written, Executor loop) {
        try {
            requireData(log.status());
        } catch (ProblemException e) {
            return CompletableFuture.failedFuture(e);
        }
        return confirmedIndex(loop).thenCompose(outcome -> {
            StateMachineView state = log.status().state();
            return outcome instanceof Outcome.ReadReady(long index) && state.appliedIndex() >= Math.max(index, written)
                    ? CompletableFuture.completedFuture(state)
                    : CompletableFuture.supplyAsync(() -> awaitLinearizable(written), blocking);
        });
    }

    /**
     * One question for all that read in this turn of the loop, whichever their connections: it is asked when all of them
     * have come, and its answer takes the loop one turn.
     */
    private CompletableFuture<Outcome> confirmedIndex(Executor loop) {
        CompletableFuture<Outcome> shared = gathering;
        if (shared == null) {
            shared = new CompletableFuture<>();
            gathering = shared;
            loop.execute(() -> ask(loop));
        }
        return shared;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a loop that takes no more is one that ends, with its connections
    private void ask(Executor loop) {
        CompletableFuture<Outcome> asking = Objects.requireNonNull(gathering);
        gathering = null;
        gate.confirmedIndex()
                // a log that takes no question now is asked again, with more patience
                .exceptionally(_ -> new Outcome.Refused(Refusal.OVERLOADED))
                .thenAcceptAsync(asking::complete, loop);
    }

    private StateMachineView awaitLinearizable(long written) {
        gate.await(new ReadParameters(ReadLevel.LINEARIZABLE, 0, Deadline.NONE));
        return applied(written).state();
    }

    private static void requireData(ReplicaStatus status) {
        if (status.role() == Role.WITNESS) {
            throw ProblemException.of(
                    ProblemType.WITNESS_HAS_NO_DATA, "this node is a witness and has no data: ask another member");
        }
    }
}
