package io.replog.node.web.http;

import io.replog.core.replica.Outcome;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads that come while the log is being asked for an index wait, and share the next question: so however
 * many readers there are, the replica's thread has one at a time. A question is asked after all that share it have come, as
 * the level demands. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is given on
final class ReadRounds {
    private final ReplicatedLog log;
    private final Duration patience;
    private final Executor executor;

    private @Nullable Round gathering;
    private boolean asking;

    private static final class Round {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final Deadline deadline;
        private int readers;

        Round(Deadline deadline) {
            this.deadline = deadline;
        }
    }

    /**
     * @param patience how long a reader waits at most
     * @param executor answers readers where they are many, so that the replica's thread does not wake each of them
     */
    ReadRounds(ReplicatedLog log, Duration patience, Executor executor) {
        this.log = log;
        this.patience = patience;
        this.executor = executor;
    }

    /** As {@link ReplicatedLog#read}; what is composed with it must not block. */
    CompletableFuture<Outcome> read() {
        Round round;
        boolean ask;
        synchronized (this) {
            if (gathering == null) {
                gathering = new Round(Deadline.after(patience));
            }
            round = gathering;
            round.readers++;
            ask = !asking;
            if (ask) {
                asking = true;
                gathering = null;
            }
        }
        if (ask) {
            ask(round);
        }
        return round.outcome;
    }

    private void ask(Round round) {
        CompletableFuture<Outcome> answer;
        try {
            answer = log.read(round.deadline);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        // on the replica's thread, which nothing here holds up: the next question leaves before the readers are woken
        answer.whenComplete((outcome, failure) -> {
            Round next;
            synchronized (this) {
                next = gathering;
                gathering = null;
                asking = next != null;
            }
            if (next != null) {
                ask(next);
            }
            if (round.readers > 1) {
                executor.execute(() -> complete(round, outcome, failure));
            } else {
                complete(round, outcome, failure);
            }
        });
    }

    private static void complete(Round round, @Nullable Outcome outcome, @Nullable Throwable failure) {
        if (outcome != null) {
            round.outcome.complete(outcome);
        } else if (failure != null) {
            round.outcome.completeExceptionally(failure);
        }
    }
}
