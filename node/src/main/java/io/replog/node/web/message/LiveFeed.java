package io.replog.node.web.message;

import io.replog.core.quorum.ReadLevel;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.ReadGate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes those who follow the log when there are new messages: in rounds, with a rest between, and in each round a few at a
 * time, so that however many follow, a request that comes meanwhile is not queued behind them all. Thread-safe.
 *
 * <p>While somebody waits, one virtual thread waits for the log in their place.
 */
final class LiveFeed {
    /** Woken before others get their turn. */
    private static final int GROUP = 4;

    /** Under load a follower is sent what came in this time together. */
    private static final Duration LEAST_REST = Duration.ofMillis(20);

    /** A rest is at least so many times as long as the round before it. */
    private static final int REST_FACTOR = 4;

    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile boolean woken;
    }

    private final ReplicatedLog log;
    private final ReadGate gate;
    private final Duration patience;
    private Set<Waiter> waiters = new LinkedHashSet<>();
    private boolean running;

    /** Last message that a round was for. */
    private long announced;

    /** @param patience how long it waits for the log at a time */
    LiveFeed(ReplicatedLog log, ReadGate gate, Duration patience) {
        this.log = log;
        this.gate = gate;
        this.patience = patience;
    }

    /** Whether message {@code id} came, committed and durable here; false where the deadline, or the node's end, came first. */
    boolean await(long id, Deadline deadline) throws InterruptedException {
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
        try {
            deadline.park(this, () -> waiter.woken);
        } finally {
            if (!waiter.woken) {
                synchronized (this) {
                    waiters.remove(waiter);
                }
            }
        }
        return gate.lastId(ReadLevel.COMMITTED) >= id;
    }

    private void run() {
        try {
            while (goesOn()) {
                if (awaitNew()) {
                    long begin = System.nanoTime();
                    wakeAll();
                    long round = System.nanoTime() - begin;
                    // Not to wait for anything: this is the rest that leaves the processors to others.
                    Thread.sleep(Duration.ofNanos(Math.max(LEAST_REST.toNanos(), REST_FACTOR * round)));
                }
            }
        } catch (InterruptedException e) {
            ended();
            throw new IllegalStateException("nobody interrupts this thread", e);
        } catch (RuntimeException | Error e) {
            ended();
            throw e;
        }
    }

    private synchronized boolean goesOn() {
        running = !waiters.isEmpty() && !log.stopping();
        return running;
    }

    /** Who comes next starts another thread. */
    private synchronized void ended() {
        running = false;
    }

    private boolean awaitNew() throws InterruptedException {
        long next;
        synchronized (this) {
            next = announced + 1;
        }
        Deadline deadline = Deadline.after(patience);
        return log.awaitCommittedMessage(next, deadline)
                && log.awaitDurable(log.status().state().appliedIndex(), deadline);
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing but fairness hangs on the yield
    private void wakeAll() {
        Set<Waiter> due;
        synchronized (this) {
            announced = gate.lastId(ReadLevel.COMMITTED);
            due = waiters;
            waiters = new LinkedHashSet<>();
        }
        int woken = 0;
        for (Waiter waiter : due) {
            waiter.woken = true;
            LockSupport.unpark(waiter.thread);
            if (++woken % GROUP == 0) {
                Thread.yield();
            }
        }
    }
}
