package io.replog.node.engine;

import io.replog.core.log.EncodedRequest;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.Replica;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.peer.PeerTransport;
import io.replog.storage.DataDirectory;
import io.replog.storage.DiskFullException;
import io.replog.storage.LogReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicated log by a {@link Replica}, its threads, a data directory and a transport.
 *
 * <p>{@link #start}, then {@link #prepareToStop} where the lead should be handed over, then {@link #close}.
 */
public final class ReplicaEngine implements ReplicatedLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaEngine.class);
    private static final Duration DRAIN_POLL = Duration.ofMillis(2);

    private final NodeId self;
    private final DataDirectory directory;
    private final LogReader reader;
    private final PeerTransport transport;
    private final EngineMeters meters;
    private final Halt halt;
    private final Inbox inbox;
    private final DiskRoom room;
    private final LogWriter writer;
    private final BackgroundWork background;
    private final StatusBoard board;
    private final ReplicaLoop loop;
    private final AtomicLong requestIds = new AtomicLong();
    private boolean started;
    private boolean closed;

    /**
     * @param directory closed with this engine
     * @param transport closed with this engine; used by its thread alone
     * @param inboxSize requests that may wait for the replica
     * @param batchWait how long an append waits at most for others to share its way
     */
    public ReplicaEngine(
            NodeId self,
            Replica replica,
            DataDirectory directory,
            PeerTransport transport,
            EngineListener listener,
            EngineMeters meters,
            Halt halt,
            int inboxSize,
            Duration batchWait) {
        this.self = self;
        this.directory = directory;
        this.transport = transport;
        this.meters = meters;
        this.halt = halt;
        this.inbox = new Inbox(inboxSize, transport::wakeup);
        LogDamage damage = new LogDamage(directory, halt);
        this.reader = new WatchedLogReader(directory.log().reader(), damage);
        this.board = new StatusBoard(replica.status(), "status-notifier");
        this.room = new DiskRoom(listener, meters, board::status);
        this.writer = new LogWriter(directory.log(), inbox::put, room, meters, damage, halt, "log-writer");
        this.background = new BackgroundWork(directory, inbox::put, damage, halt, "");
        this.loop = new ReplicaLoop(
                replica,
                inbox,
                transport,
                writer,
                background,
                directory,
                board,
                listener,
                meters,
                halt,
                batchWait.toNanos(),
                "replica-loop");
    }

    /** Starts the threads: from now on the node takes part in its cluster. */
    public synchronized void start() {
        if (!started && !closed) {
            started = true;
            board.start();
            writer.start();
            background.start();
            loop.start();
        }
    }

    /**
     * Ends long-lived waits, hands the lead over where this node has it, and waits for the requests that still wait for
     * an outcome, all within {@code timeout}.
     */
    public void prepareToStop(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        board.stop();
        if (!isStarted()) {
            return;
        }
        CompletableFuture<Outcome> handedOver = submit(id -> new Input.PrepareToStop(id, deadline.nanos()), 0);
        try {
            handedOver.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | LogBusyException e) {
            LOG.warn("the lead could not be handed over before the stop: {}", e.toString());
        }
        while (loop.waitingCount() > 0 && !deadline.remaining().isZero()) {
            LockSupport.parkNanos(this, DRAIN_POLL.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Stops the threads; all that was appended is durable when it returns. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (started) {
                loop.stopAndWait();
                writer.stopAndWait();
                background.stopAndWait();
            } else {
                transport.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        board.end();
        try {
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public CompletableFuture<Outcome> append(EncodedRequest request, WriteConcern w, Deadline deadline) {
        if (board.status().role() != Role.LEADER) {
            return CompletableFuture.completedFuture(new Outcome.Refused(Refusal.NOT_LEADER));
        }
        int bytes = request.frameBytes();
        try {
            directory.log().reserve(bytes);
            room.found(bytes);
        } catch (DiskFullException e) {
            room.refused(bytes);
            meters.notAcknowledged("disk-full");
            throw new LogFullException("the disk is full: " + e.getMessage());
        } catch (IOException e) {
            halt.now("the disk fails", e);
            throw new UncheckedIOException(e);
        }
        try {
            return submit(id -> new Input.Append(id, request, w, deadline.nanos()), bytes);
        } catch (LogBusyException e) {
            directory.log().release(bytes);
            meters.notAcknowledged("busy");
            throw e;
        }
    }

    @Override
    public CompletableFuture<Outcome> read(Deadline deadline) {
        return submit(id -> new Input.Read(id, deadline.nanos()), 0);
    }

    @Override
    public CompletableFuture<Outcome> awaitAcks(long index, Deadline deadline) {
        return submit(id -> new Input.AwaitAcks(id, index, deadline.nanos()), 0);
    }

    @Override
    public CompletableFuture<Outcome> addMember(Member member, Deadline deadline) {
        return submit(id -> new Input.AddMember(id, member, deadline.nanos()), 0);
    }

    @Override
    public CompletableFuture<Outcome> removeMember(NodeId id, Deadline deadline) {
        return submit(requestId -> new Input.RemoveMember(requestId, id, deadline.nanos()), 0);
    }

    @Override
    public CompletableFuture<Outcome> transferLeadership(NodeId target, Deadline deadline) {
        return submit(id -> new Input.TransferLeadership(id, target, deadline.nanos()), 0);
    }

    @Override
    public ReplicaStatus status() {
        return board.status();
    }

    @Override
    public ReplicaStatus awaitLeadership(Predicate<ReplicaStatus> wanted, Deadline deadline)
            throws InterruptedException {
        return board.awaitLeadership(wanted, deadline);
    }

    @Override
    public LogReader log() {
        return reader;
    }

    @Override
    public boolean awaitDurable(long index, Deadline deadline) throws InterruptedException {
        return board.awaitDurable(index, deadline);
    }

    @Override
    public boolean stopping() {
        return board.stopping();
    }

    @Override
    public boolean awaitApplied(long index, Deadline deadline) throws InterruptedException {
        return board.awaitApplied(index, deadline);
    }

    @Override
    public boolean awaitCommittedMessage(long id, Deadline deadline) throws InterruptedException {
        return board.awaitCommittedMessage(id, deadline);
    }

    /** Requests on their way to the replica. */
    public int inboxDepth() {
        return inbox.depth();
    }

    /** Requests that the replica has not yet given an outcome. */
    public int waitingRequests() {
        return loop.waitingCount();
    }

    /** Appends that wait to be written. */
    public int writerDepth() {
        return writer.depth();
    }

    private synchronized boolean isStarted() {
        return started && !closed;
    }

    private CompletableFuture<Outcome> submit(LongFunction<Input> input, int reservedBytes) {
        long id = requestIds.incrementAndGet();
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        if (!inbox.offer(new Submission(input.apply(id), id, future, System.nanoTime(), reservedBytes))) {
            throw new LogBusyException("too many requests wait");
        }
        return future;
    }
}
