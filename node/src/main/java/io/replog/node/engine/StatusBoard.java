package io.replog.node.engine;

import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The published status, and those who wait for it to change. The replica's thread publishes and at most wakes one
 * notifier thread; that one wakes the waiters, however many they are.
 */
final class StatusBoard implements Runnable {
    private volatile ReplicaStatus status;
    private volatile boolean stopping;
    private volatile boolean parked;
    private final ThresholdWaiters durable = new ThresholdWaiters(() -> status().durableIndex());
    private final ThresholdWaiters applied =
            new ThresholdWaiters(() -> status().state().appliedIndex());
    private final ThresholdWaiters committedId =
            new ThresholdWaiters(() -> status().state().committedId());
    private final Set<Thread> leadership = ConcurrentHashMap.newKeySet();
    private final Thread notifier;
    private volatile boolean leadershipChanged;
    private volatile boolean ended;

    StatusBoard(ReplicaStatus initial, String threadName) {
        this.status = initial;
        this.notifier = Thread.ofPlatform().name(threadName).daemon().unstarted(this);
    }

    void start() {
        notifier.start();
    }

    ReplicaStatus status() {
        return status;
    }

    boolean stopping() {
        return stopping;
    }

    /** For the replica's thread. */
    @SuppressWarnings("ReferenceEquality") // an unchanged status is the same object, and comparing it would cost
    void publish(ReplicaStatus next) {
        ReplicaStatus previous = status;
        if (next == previous) {
            return;
        }
        status = next;
        boolean due = durable.isDue(next.durableIndex())
                || applied.isDue(next.state().appliedIndex())
                || committedId.isDue(next.state().committedId());
        if (!leadership.isEmpty() && isOtherLeadership(previous, next)) {
            leadershipChanged = true;
            due = true;
        }
        if (due) {
            wakeNotifier();
        }
    }

    boolean awaitDurable(long index, Deadline deadline) throws InterruptedException {
        return durable.await(index, until(deadline));
    }

    boolean awaitApplied(long index, Deadline deadline) throws InterruptedException {
        return applied.await(index, until(deadline));
    }

    boolean awaitCommittedMessage(long id, Deadline deadline) throws InterruptedException {
        return committedId.await(id, until(deadline));
    }

    ReplicaStatus awaitLeadership(Predicate<ReplicaStatus> wanted, Deadline deadline) throws InterruptedException {
        ReplicaStatus seen = status;
        if (wanted.test(seen)) {
            return seen;
        }
        leadership.add(Thread.currentThread());
        try {
            for (seen = status; !wanted.test(seen) && !stopping; seen = status) {
                long left = deadline.isNone() ? Long.MAX_VALUE : deadline.nanos() - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return seen;
        } finally {
            leadership.remove(Thread.currentThread());
        }
    }

    /** Ends all waits, and those to come at once. */
    void stop() {
        stopping = true;
        leadershipChanged = true;
        wakeNotifier();
    }

    /** Ends the notifier. */
    void end() {
        stop();
        ended = true;
        LockSupport.unpark(notifier);
    }

    private void wakeNotifier() {
        if (parked) {
            LockSupport.unpark(notifier);
        }
    }

    @Override
    public void run() {
        while (!ended) {
            parked = true;
            if (!isDue()) {
                LockSupport.park(this);
            }
            parked = false;
            if (stopping) {
                durable.wakeAll();
                applied.wakeAll();
                committedId.wakeAll();
            } else {
                durable.wake();
                applied.wake();
                committedId.wake();
            }
            if (leadershipChanged) {
                leadershipChanged = false;
                leadership.forEach(LockSupport::unpark);
            }
        }
    }

    private boolean isDue() {
        ReplicaStatus now = status;
        return leadershipChanged
                || durable.isDue(now.durableIndex())
                || applied.isDue(now.state().appliedIndex())
                || committedId.isDue(now.state().committedId());
    }

    private Deadline until(Deadline deadline) {
        return stopping ? new Deadline(System.nanoTime()) : deadline;
    }

    private static boolean isOtherLeadership(ReplicaStatus one, ReplicaStatus other) {
        @Nullable NodeId leader = one.leader();
        return one.term() != other.term()
                || one.role() != other.role()
                || one.view() != other.view()
                || one.writable() != other.writable()
                || one.quorum() != other.quorum()
                || one.catchingUp() != other.catchingUp()
                || !Objects.equals(leader, other.leader());
    }
}
