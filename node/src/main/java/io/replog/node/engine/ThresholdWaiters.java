package io.replog.node.engine;

import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Threads that wait for a growing number to reach a value. Who makes the number grow only compares it with the lowest
 * value that is waited for; the waking is done elsewhere, in {@link #wake}. Thread-safe.
 */
final class ThresholdWaiters {
    private static final class Waiter implements Comparable<Waiter> {
        private final long threshold;
        private final Thread thread = Thread.currentThread();
        private volatile boolean woken;

        Waiter(long threshold) {
            this.threshold = threshold;
        }

        @Override
        public int compareTo(Waiter other) {
            return Long.compare(threshold, other.threshold);
        }
    }

    private final LongSupplier current;
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private volatile long lowest = Long.MAX_VALUE;

    /** @param current the number; never goes back while somebody waits for it to grow */
    ThresholdWaiters(LongSupplier current) {
        this.current = current;
    }

    /** Whether somebody waits for {@code value} or less. */
    boolean isDue(long value) {
        return value >= lowest;
    }

    /** Whether the number reached {@code threshold}; false where the deadline, or {@link #wakeAll}, came first. */
    boolean await(long threshold, Deadline deadline) throws InterruptedException {
        if (current.getAsLong() >= threshold) {
            return true;
        }
        Waiter waiter = new Waiter(threshold);
        synchronized (this) {
            waiters.add(waiter);
            lowest = waiters.element().threshold;
        }
        try {
            // Looked at again behind the registration, so that growth in between is seen here or by who grew it.
            deadline.park(this, () -> waiter.woken || current.getAsLong() >= threshold);
        } finally {
            if (!waiter.woken) {
                remove(waiter);
            }
        }
        return current.getAsLong() >= threshold;
    }

    /** Wakes those whose value is reached. */
    void wake() {
        wakeUpTo(current.getAsLong());
    }

    /** Wakes all, reached or not. */
    void wakeAll() {
        wakeUpTo(Long.MAX_VALUE);
    }

    synchronized int count() {
        return waiters.size();
    }

    private synchronized void wakeUpTo(long value) {
        while (!waiters.isEmpty() && waiters.element().threshold <= value) {
            Waiter waiter = waiters.remove();
            waiter.woken = true;
            LockSupport.unpark(waiter.thread);
        }
        lowest = waiters.isEmpty() ? Long.MAX_VALUE : waiters.element().threshold;
    }

    private synchronized void remove(Waiter waiter) {
        waiters.remove(waiter);
        lowest = waiters.isEmpty() ? Long.MAX_VALUE : waiters.element().threshold;
    }
}
