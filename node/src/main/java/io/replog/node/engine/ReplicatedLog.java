package io.replog.node.engine;

import io.replog.core.log.EncodedRequest;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.ReplicaStatus;
import io.replog.storage.LogReader;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The log as the controllers see it, whatever engine stands behind it. Thread-safe. Futures always complete by their
 * deadline with an {@link Outcome}; they complete exceptionally only by a fault of ours. They are completed by the
 * replica's thread: wait for them, or compose with what neither blocks nor takes long, else with the {@code …Async} methods.
 */
public interface ReplicatedLog {
    /** This node's id. */
    NodeId self();

    /**
     * Appends where this node leads; see {@link io.replog.core.replica.Input.Append}.
     *
     * @throws LogFullException where the disk has no room: nothing is stored
     * @throws LogBusyException where this node's queue of waiting writes is full: nothing is stored
     */
    CompletableFuture<Outcome> append(EncodedRequest request, WriteConcern w, Deadline deadline);

    /** Completes with {@link Outcome.ReadReady} when a state at that index may be read, or is refused. */
    CompletableFuture<Outcome> read(Deadline deadline);

    /** Completes when every data-bearing member holds {@code index}, or at the deadline with what is known. */
    CompletableFuture<Outcome> awaitAcks(long index, Deadline deadline);

    CompletableFuture<Outcome> addMember(Member member, Deadline deadline);

    CompletableFuture<Outcome> removeMember(NodeId id, Deadline deadline);

    CompletableFuture<Outcome> transferLeadership(NodeId target, Deadline deadline);

    /** The replica as it is now; includes the applied state for reads. Never blocks. */
    ReplicaStatus status();

    /**
     * Waits until {@code wanted} holds of the status; looks whenever term, role, leader or membership change.
     *
     * @return the status for which it held, or as it was at the deadline
     */
    ReplicaStatus awaitLeadership(Predicate<ReplicaStatus> wanted, Deadline deadline) throws InterruptedException;

    /** The durable part of the log. */
    LogReader log();

    /** Waits until this node holds {@code index} durably; false where the deadline came first. */
    boolean awaitDurable(long index, Deadline deadline) throws InterruptedException;

    /**
     * Whether the node is stopping: long-lived answers (event streams) should end. Waits end with false at once then.
     */
    boolean stopping();

    /** Waits until this node has applied {@code index}; false where the deadline came first. */
    boolean awaitApplied(long index, Deadline deadline) throws InterruptedException;

    /** Waits until this node knows message {@code id} to be committed; false where the deadline came first. */
    boolean awaitCommittedMessage(long id, Deadline deadline) throws InterruptedException;

    /** The log cannot take a write: nothing of it is stored. */
    abstract sealed class NotAcceptedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAcceptedException(String message) {
            super(message);
        }
    }

    /** The disk is full. */
    final class LogFullException extends NotAcceptedException {
        private static final long serialVersionUID = 1L;

        public LogFullException(String message) {
            super(message);
        }
    }

    /** The queue of waiting writes is full. */
    final class LogBusyException extends NotAcceptedException {
        private static final long serialVersionUID = 1L;

        public LogBusyException(String message) {
            super(message);
        }
    }
}
