package io.replog.node.faults;

import io.replog.core.log.EncodedRequest;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.ReplicaStatus;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.Halt;
import io.replog.node.engine.ReplicatedLog;
import io.replog.storage.LogReader;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A log that halts the process between storing a write and answering it, where {@code crashAfter} says so. */
public final class FaultyLog implements ReplicatedLog {
    private final ReplicatedLog delegate;
    private final Faults faults;
    private final Halt halt;

    public FaultyLog(ReplicatedLog delegate, Faults faults, Halt halt) {
        this.delegate = delegate;
        this.faults = faults;
        this.halt = halt;
    }

    @Override
    public CompletableFuture<Outcome> append(EncodedRequest request, WriteConcern w, Deadline deadline) {
        return delegate.append(request, w, deadline).thenApply(outcome -> {
            if (isStoredNow(outcome) && faults.isLastWrite()) {
                halt.now("crashAfter of /faults", null);
            }
            return outcome;
        });
    }

    private static boolean isStoredNow(Outcome outcome) {
        return outcome instanceof Outcome.Unknown
                || (outcome instanceof Outcome.Acknowledged acknowledged && !acknowledged.replayed());
    }

    @Override
    public NodeId self() {
        return delegate.self();
    }

    @Override
    public CompletableFuture<Outcome> read(Deadline deadline) {
        return delegate.read(deadline);
    }

    @Override
    public CompletableFuture<Outcome> awaitAcks(long index, Deadline deadline) {
        return delegate.awaitAcks(index, deadline);
    }

    @Override
    public CompletableFuture<Outcome> addMember(Member member, Deadline deadline) {
        return delegate.addMember(member, deadline);
    }

    @Override
    public CompletableFuture<Outcome> removeMember(NodeId id, Deadline deadline) {
        return delegate.removeMember(id, deadline);
    }

    @Override
    public CompletableFuture<Outcome> transferLeadership(NodeId target, Deadline deadline) {
        return delegate.transferLeadership(target, deadline);
    }

    @Override
    public ReplicaStatus status() {
        return delegate.status();
    }

    @Override
    public ReplicaStatus awaitLeadership(Predicate<ReplicaStatus> wanted, Deadline deadline)
            throws InterruptedException {
        return delegate.awaitLeadership(wanted, deadline);
    }

    @Override
    public LogReader log() {
        return delegate.log();
    }

    @Override
    public boolean awaitDurable(long index, Deadline deadline) throws InterruptedException {
        return delegate.awaitDurable(index, deadline);
    }

    @Override
    public boolean stopping() {
        return delegate.stopping();
    }

    @Override
    public boolean awaitApplied(long index, Deadline deadline) throws InterruptedException {
        return delegate.awaitApplied(index, deadline);
    }

    @Override
    public boolean awaitCommittedMessage(long id, Deadline deadline) throws InterruptedException {
        return delegate.awaitCommittedMessage(id, deadline);
    }
}
