package io.replog.node.web.message;

import io.replog.core.quorum.ReadLevel;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.ReadGate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes those who follow the log when there are new messages: in rounds, with a rest between, and in each round a few at a
 * time, so that however many follow, a request that comes meanwhile is not queued behind them all. Thread-safe.
 *
 * <p>While somebody waits, one virtual thread waits for the log in their place.
 */
final class LiveFeed {
    /** Woken before others get their turn. */
    private static final int GROUP = 8;

    /**
     * Between two groups. To yield instead would not do: a carrier empties the queue of what its own threads woke before it
     * looks at what came from outside, and a request that came meanwhile would wait for the whole round.
     */
    private static final Duration GROUP_REST = Duration.ofNanos(500_000);

    /** Under load a follower is sent what came in this time together. */
    private static final Duration LEAST_REST = Duration.ofMillis(20);

    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile boolean woken;
    }

    private final ReplicatedLog log;
    private final ReadGate gate;
    private final Duration patience;
    private final List<Waiter> waiters = new ArrayList<>();
    private boolean running;

    /** Last message that a round was for. */
    private long announced;

    /** @param patience how long it waits for a message before it wakes all nevertheless */
    LiveFeed(ReplicatedLog log, ReadGate gate, Duration patience) {
        this.log = log;
        this.gate = gate;
        this.patience = patience;
    }

    /**
     * Waits for message {@code id}, at most for the feed's patience: whether it came, committed and durable here. A time-out
     * of each waiter's own would cost the scheduler more than the event that it waits for.
     */
    boolean await(long id) throws InterruptedException {
        Waiter waiter = new Waiter();
        synchronized (this) {
            if (id <= announced) {
                return true;
            }
            waiters.add(waiter);
            if (!running) {
                running = true;
                Thread.ofVirtual().name("live-feed").start(this::run);
            }
        }
        Deadline.NONE.park(this, () -> waiter.woken);
        return gate.lastId(ReadLevel.COMMITTED) >= id;
    }

    private void run() {
        Deque<Waiter> due = new ArrayDeque<>();
        try {
            while (goesOn()) {
                awaitNew();
                long begin = System.nanoTime();
                beginRound(due);
                wake(due, GROUP);
                while (!due.isEmpty()) {
                    Thread.sleep(GROUP_REST);
                    wake(due, GROUP);
                }
                // Not to wait for anything: this is the rest that leaves the processors to others.
                long round = System.nanoTime() - begin;
                Thread.sleep(Duration.ofNanos(Math.max(LEAST_REST.toNanos(), round)));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } finally {
            end(due);
        }
    }

    private synchronized boolean goesOn() {
        return !waiters.isEmpty() && !log.stopping();
    }

    private void awaitNew() throws InterruptedException {
        long next;
        synchronized (this) {
            next = announced + 1;
        }
        Deadline deadline = Deadline.after(patience);
        if (log.awaitCommittedMessage(next, deadline)) {
            log.awaitDurable(log.status().state().appliedIndex(), deadline);
        }
    }

    private synchronized void beginRound(Deque<Waiter> due) {
        announced = gate.lastId(ReadLevel.COMMITTED);
        due.addAll(waiters);
        waiters.clear();
    }

    private static void wake(Deque<Waiter> due, int most) {
        for (int i = 0; i < most && !due.isEmpty(); i++) {
            Waiter waiter = due.remove();
            waiter.woken = true;
            LockSupport.unpark(waiter.thread);
        }
    }

    /** However it ended, nobody is left waiting; who waits next starts another thread. */
    private synchronized void end(Deque<Waiter> due) {
        running = false;
        due.addAll(waiters);
        waiters.clear();
        wake(due, due.size());
    }
}
