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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** States to read from. Thread-safe. */
final class Reads {
    private final ReplicatedLog log;
    private final ReadGate gate;
    private final Executor blocking;

    /** @param blocking runs what waits */
    Reads(ReplicatedLog log, ReadGate gate, Executor blocking) {
        this.log = log;
        this.gate = gate;
        this.blocking = blocking;
    }

    /** What this node has. */
    ReplicaStatus local() {
        return requireData(log.status());
    }

    /**
     * A state that has at least all that was acknowledged before the call; never blocks.
     *
     * @param own runs what follows the log's own future
     * @return completes exceptionally with a {@link ProblemException} where no quorum confirms it in time
     */
    CompletableFuture<StateMachineView> linearizable(Executor own) {
        try {
            requireData(log.status());
        } catch (ProblemException e) {
            return CompletableFuture.failedFuture(e);
        }
        return gate.confirmedIndex()
                // a log that takes no question now is asked again, with more patience
                .exceptionally(_ -> new Outcome.Refused(Refusal.OVERLOADED))
                .thenComposeAsync(
                        outcome -> {
                            StateMachineView state = log.status().state();
                            return outcome instanceof Outcome.ReadReady(long index) && state.appliedIndex() >= index
                                    ? CompletableFuture.completedFuture(state)
                                    : CompletableFuture.supplyAsync(this::awaitLinearizable, blocking);
                        },
                        own);
    }

    private StateMachineView awaitLinearizable() {
        return gate.await(new ReadParameters(ReadLevel.LINEARIZABLE, 0, Deadline.NONE))
                .state();
    }

    private static ReplicaStatus requireData(ReplicaStatus status) {
        if (status.role() == Role.WITNESS) {
            throw ProblemException.of(
                    ProblemType.WITNESS_HAS_NO_DATA, "this node is a witness and has no data: ask another member");
        }
        return status;
    }
}
