package io.replog.node.engine;

import io.replog.core.log.LogEntry;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.replica.Effect;
import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.Replica;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.peer.PeerTransport;
import io.replog.storage.DataDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The one thread that owns the replica. It takes what waits in the inbox and on the peers' streams, lets the replica take
 * it in one step, does the effects in their order, and publishes the status.
 *
 * <p>An exception here would leave the replica in a state of which nothing is known: the process halts.
 */
final class ReplicaLoop implements Runnable {
    /** Inputs of one step: bounds how long a deadline or a heartbeat can wait behind others. */
    private static final int MAX_BATCH = 1024;

    /** The loop was stopped while an effect waited: those behind it must not be done. */
    private static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Replica replica;
    private final Inbox inbox;
    private final PeerTransport transport;
    private final LogWriter writer;
    private final BackgroundWork background;
    private final DataDirectory directory;
    private final StatusBoard board;
    private final EngineListener listener;
    private final EngineMeters meters;
    private final Halt halt;
    private final Thread thread;

    private final List<Input> batch = new ArrayList<>();
    private final Map<Long, Submission> waiting = new HashMap<>();
    private final List<Effect.Respond> responses = new ArrayList<>();
    private final Reservations reservations = new Reservations();
    private final AppendGate gate = new AppendGate();
    private final long batchWaitNanos;
    private long passedBytes;
    private long ledTerm = -1;
    private volatile int waitingCount;
    private volatile boolean stopping;

    ReplicaLoop(
            Replica replica,
            Inbox inbox,
            PeerTransport transport,
            LogWriter writer,
            BackgroundWork background,
            DataDirectory directory,
            StatusBoard board,
            EngineListener listener,
            EngineMeters meters,
            Halt halt,
            long batchWaitNanos,
            String threadName) {
        this.replica = replica;
        this.inbox = inbox;
        this.transport = transport;
        this.writer = writer;
        this.background = background;
        this.directory = directory;
        this.board = board;
        this.listener = listener;
        this.meters = meters;
        this.halt = halt;
        this.batchWaitNanos = batchWaitNanos;
        this.thread = Thread.ofPlatform().name(threadName).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Ends the loop behind the step that it is at; the requests that still wait fail. */
    void stopAndWait() throws InterruptedException {
        stopping = true;
        writer.giveUpWaits();
        transport.wakeup();
        thread.join();
    }

    /** Requests without an outcome. */
    int waitingCount() {
        return waitingCount;
    }

    private void received(PeerEnvelope envelope) {
        batch.add(new Input.Received(envelope));
    }

    @Override
    public void run() {
        try {
            turnUntilStopped();
            transport.close();
            IllegalStateException stopped = new IllegalStateException("the node stopped");
            waiting.values().forEach(request -> request.future().completeExceptionally(stopped));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            halt.now("the replica failed", e);
        }
    }

    private void turnUntilStopped() throws IOException, InterruptedException {
        try {
            while (!stopping) {
                turn();
            }
        } catch (StoppedException e) {
            // What the step wanted done was not: it is as if the process had ended before.
            responses.clear();
        }
    }

    private void turn() throws IOException, InterruptedException, StoppedException {
        batch.clear();
        passedBytes = 0;
        drainInbox();
        long timeout = 0;
        if (batch.isEmpty() && inbox.fallAsleep(gate.wantedBytes())) {
            timeout = sleepNanos();
        }
        transport.poll(timeout, this::received);
        inbox.awake();
        drainInbox();
        long now = System.nanoTime();
        if (replica.nextDeadline() <= now) {
            batch.add(new Input.Tick());
        }
        if (!batch.isEmpty()) {
            List<Effect> effects = replica.step(now, batch);
            perform(effects);
            turnGate(replica.status());
            meters.stepped(batch.size(), System.nanoTime() - now);
        }
    }

    private long sleepNanos() {
        long due = replica.nextDeadline();
        long untilDue = due == Input.NO_DEADLINE ? PeerTransport.FOREVER : due - System.nanoTime();
        if (!gate.isClosed()) {
            return untilDue;
        }
        // Nobody is woken for the first of the appends that wait: the time of one that comes just now runs too.
        return Math.min(untilDue, batchWaitNanos - inbox.oldestAppendAge(System.nanoTime()));
    }

    private void turnGate(ReplicaStatus status) {
        if (status.role() != Role.LEADER) {
            gate.reset();
            return;
        }
        if (passedBytes > 0) {
            gate.passed(status.lastIndex(), passedBytes);
        }
        gate.committed(status.commitIndex());
    }

    private void drainInbox() {
        while (batch.size() < MAX_BATCH) {
            switch (inbox.take()) {
                case null -> {
                    drainAppends();
                    return;
                }
                case Submission submission -> take(submission);
                case Input input -> batch.add(input);
                case Object other -> throw new IllegalStateException("in the inbox: " + other);
            }
        }
    }

    private void drainAppends() {
        if (inbox.appendBytes() < gate.wantedBytes() && inbox.oldestAppendAge(System.nanoTime()) < batchWaitNanos) {
            return;
        }
        while (batch.size() < MAX_BATCH) {
            Submission append = inbox.takeAppend();
            if (append == null) {
                return;
            }
            take(append);
            passedBytes += append.reservedBytes();
        }
    }

    private void take(Submission submission) {
        waiting.put(submission.requestId(), submission);
        reservations.add(submission.reservedBytes());
        batch.add(submission.input());
    }

    /** Does the effects in order; the answers leave last, so that nobody hears of what is not yet on its way or published. */
    @SuppressWarnings("ReferenceEquality") // an unchanged status is the same object, and comparing it would cost
    private void perform(List<Effect> effects) throws IOException, InterruptedException, StoppedException {
        ReplicaStatus status = replica.status();
        for (Effect effect : effects) {
            perform(effect, status);
        }
        transport.flush();
        // Woken behind the sends: the way over a peer is the longer one.
        writer.wake();
        long unused = reservations.unused(replica.heldBackBytes());
        if (unused > 0) {
            directory.log().release(unused);
        }
        ReplicaStatus previous = board.status();
        if (previous != status) {
            board.publish(status);
            listener.published(previous, status);
        }
        for (Effect.Respond response : responses) {
            respond(response);
        }
        responses.clear();
        if (waitingCount != waiting.size()) {
            waitingCount = waiting.size();
        }
    }

    private void perform(Effect effect, ReplicaStatus status)
            throws IOException, InterruptedException, StoppedException {
        switch (effect) {
            case Effect.SaveHardState save -> directory.hardState().save(save.state());
            case Effect.AppendToLog append -> append(append);
            case Effect.TruncateLog truncate -> {
                if (!writer.truncateAndWait(truncate.fromIndex())) {
                    throw new StoppedException();
                }
            }
            case Effect.Send send -> transport.send(send.to(), send.envelope());
            case Effect.ReadLog read -> background.read(read);
            case Effect.Respond respond -> responses.add(respond);
            case Effect.SaveSnapshot save -> background.save(save.snapshot());
            case Effect.RoleChanged change -> {
                if (change.role() == Role.LEADER) {
                    ledTerm = change.term();
                }
                listener.roleChanged(change, status);
            }
            case Effect.MembershipChanged change -> {
                transport.members(change.membership());
                listener.membershipChanged(change, status);
            }
            case Effect.Stranded stranded -> listener.stranded(stranded, status);
            case Effect.DataLost lost -> halt.now(lost.reason(), null);
            case Effect.PeerRejected rejected -> listener.peerRejected(rejected, status);
        }
    }

    private void respond(Effect.Respond response) {
        Submission request = waiting.remove(response.requestId());
        if (request == null) {
            return;
        }
        if (request.input() instanceof Input.Append) {
            switch (response.outcome()) {
                case Outcome.Acknowledged _ -> meters.acknowledged(System.nanoTime() - request.since());
                case Outcome.Refused refused -> meters.notAcknowledged(name(refused.reason()));
                case Outcome.Unknown _ -> meters.notAcknowledged("unknown");
                default -> throw new IllegalStateException("to an append: " + response.outcome());
            }
        }
        request.future().complete(response.outcome());
    }

    private static String name(Refusal reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void append(Effect.AppendToLog append) {
        long bytes = 0;
        long indexes = 0;
        for (LogEntry entry : append.entries()) {
            bytes += entry.length();
            indexes += entry.count();
        }
        writer.append(append.term(), append.entries(), reservations.take(append.entries(), ledTerm));
        meters.appended(indexes, bytes);
    }
}
