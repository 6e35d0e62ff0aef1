package io.replog.node.engine;

import io.replog.core.replica.ReplicaStatus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Whether the disk has room for the log, as the last attempts saw it: its listener hears once that it is full, however
 * many writes are refused, and once that there is room again. Thread-safe.
 */
final class DiskRoom {
    /** Where smaller writes found room for this long and none was refused, the disk is no longer called full. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final EngineListener listener;
    private final EngineMeters meters;
    private final Supplier<ReplicaStatus> status;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long refusedBytes;
    private volatile long refusedAt;

    DiskRoom(EngineListener listener, EngineMeters meters, Supplier<ReplicaStatus> status) {
        this.listener = listener;
        this.meters = meters;
        this.status = status;
    }

    /** There was no room for {@code bytes}, above 0. */
    void refused(long bytes) {
        meters.diskFull();
        lock.lock();
        try {
            boolean news = refusedBytes == 0;
            refusedBytes = news ? bytes : Math.min(refusedBytes, bytes);
            refusedAt = System.nanoTime();
            if (news) {
                listener.diskFull(true, status.get());
            }
        } finally {
            lock.unlock();
        }
    }

    /** There was room for {@code bytes}. Quick where the disk was not full. */
    void found(long bytes) {
        if (refusedBytes == 0) {
            return;
        }
        lock.lock();
        try {
            if (refusedBytes != 0 && (bytes >= refusedBytes || System.nanoTime() - refusedAt > QUIET_NANOS)) {
                refusedBytes = 0;
                listener.diskFull(false, status.get());
            }
        } finally {
            lock.unlock();
        }
    }
}
