package io.replog.node.web.http;

import io.replog.api.problem.ProblemType;
import io.replog.core.quorum.ReadLevel;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import java.util.concurrent.CompletableFuture;

/** Holds a read back until this node may answer it. Thread-safe. */
public final class ReadGate {
    private final ReplicatedLog log;
    private final WebSettings settings;
    private final ReadRounds rounds;

    public ReadGate(ReplicatedLog log, WebSettings settings) {
        this.log = log;
        this.settings = settings;
        this.rounds = new ReadRounds(log, settings.leaderWait(), Thread::startVirtualThread);
    }

    /**
     * Completes with an index that has all that was acknowledged before the call, or with a refusal. What is composed with
     * it must not block.
     */
    public CompletableFuture<Outcome> confirmedIndex() {
        return rounds.read();
    }

    /**
     * Waits until the read may be answered from this node; blocks the calling thread.
     *
     * @return a status whose applied state may be read at that level
     * @throws ProblemException 421 on a witness, 503 where no quorum confirms, 504 where {@code minIndex} is not reached
     */
    public ReplicaStatus await(ReadParameters read) {
        if (log.status().role() == Role.WITNESS) {
            throw ProblemException.of(
                    ProblemType.WITNESS_HAS_NO_DATA, "this node is a witness and has no data: ask another member");
        }
        try {
            awaitMinIndex(read);
            if (read.level() == ReadLevel.LINEARIZABLE) {
                awaitLinearizable();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.of(ProblemType.SHUTTING_DOWN, "the node is stopping");
        }
        return log.status();
    }

    /** The last message that may be read at {@code level}; to be called after {@link #await}. */
    public long lastId(ReadLevel level) {
        long durable = log.log().durableId();
        return level == ReadLevel.LOCAL
                ? durable
                : Math.min(durable, log.status().state().committedId());
    }

    private void awaitMinIndex(ReadParameters read) throws InterruptedException {
        long index = read.minIndex();
        boolean reached = index == 0
                || (read.level() == ReadLevel.LOCAL
                        ? log.awaitDurable(index, read.patience())
                        : log.awaitApplied(index, read.patience()));
        if (!reached) {
            throw ProblemException.of(
                    ProblemType.NOT_REACHED, "index " + index + " was not reached here in time; try a longer 'wait'");
        }
    }

    private void awaitLinearizable() throws InterruptedException {
        Deadline deadline = Deadline.after(settings.leaderWait());
        while (true) {
            try {
                Outcome outcome = Outcomes.await(log, rounds::read);
                long index = outcome instanceof Outcome.ReadReady ready ? ready.index() : 0;
                if (log.awaitApplied(index, deadline) && log.awaitDurable(index, deadline)) {
                    return;
                }
                throw unconfirmed();
            } catch (NotLeaderException e) {
                // Nobody leads, or leadership moved while the read was under way: the next leader can confirm it.
                if (deadline.remaining().isZero() || log.stopping()) {
                    throw unconfirmed();
                }
                ReplicaStatus before = log.status();
                log.awaitLeadership(
                        status ->
                                status.leader() != null && (status.term() != before.term() || before.leader() == null),
                        deadline);
            }
        }
    }

    private static ProblemException unconfirmed() {
        return ProblemException.of(ProblemType.NO_QUORUM, "no quorum confirmed in time that the state is the newest");
    }
}
