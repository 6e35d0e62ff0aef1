package io.replog.node.engine;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import io.replog.core.replica.Effect;
import io.replog.core.replica.Input;
import io.replog.core.statemachine.StateSnapshot;
import io.replog.storage.DataDirectory;
import io.replog.storage.SegmentedLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disk work that nobody must wait for, each kind on a thread of its own: reading older entries for slow peers, state
 * snapshots, and preallocation, which must go on while a large snapshot is written.
 */
final class BackgroundWork {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWork.class);
    private static final long MAINTENANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A snapshot pauses so many times as long as it works: all members take theirs at the same index. */
    private static final int PAUSE_FACTOR = 5;

    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final DataDirectory directory;
    private final SegmentedLog log;
    private final Consumer<Input> replica;
    private final LogDamage damage;
    private final Halt halt;
    private final ThreadPoolExecutor reader;
    private final ThreadPoolExecutor snapshots;
    private final Thread maintenance;
    private final AtomicBoolean maintenanceDue = new AtomicBoolean(true);
    private volatile boolean stopping;

    /** @param replica takes the answers, on threads of this object */
    BackgroundWork(DataDirectory directory, Consumer<Input> replica, LogDamage damage, Halt halt, String threadPrefix) {
        this.directory = directory;
        this.log = directory.log();
        this.replica = replica;
        this.damage = damage;
        this.halt = halt;
        this.reader = oneThread(threadPrefix + "log-reader");
        this.snapshots = oneThread(threadPrefix + "snapshots");
        this.maintenance = Thread.ofPlatform()
                .daemon()
                .name(threadPrefix + "log-maintenance")
                .unstarted(this::maintain);
    }

    private static ThreadPoolExecutor oneThread(String name) {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(name).factory());
    }

    void start() {
        log.onMaintenanceDue(() -> {
            if (maintenanceDue.compareAndSet(false, true)) {
                LockSupport.unpark(maintenance);
            }
        });
        maintenance.start();
    }

    /** Answered with {@link Input.LogRead}. */
    void read(Effect.ReadLog effect) {
        reader.execute(() -> {
            try {
                List<LogEntry> entries = log.reader().read(effect.fromIndex(), effect.maxBytes());
                replica.accept(new Input.LogRead(effect.token(), entries));
            } catch (DamagedEntryException e) {
                damage.met(e);
            } catch (RuntimeException | Error e) {
                halt.now("the log could not be read", e);
            }
        });
    }

    /** Answered with {@link Input.SnapshotSaved}; the replica asks for one at a time. */
    void save(StateSnapshot snapshot) {
        snapshots.execute(() -> {
            try {
                replica.accept(new Input.SnapshotSaved(snapshot.index(), isSaved(snapshot)));
            } catch (RuntimeException | Error e) {
                halt.now("a state snapshot could not be taken", e);
            }
        });
    }

    private boolean isSaved(StateSnapshot snapshot) {
        try {
            directory.snapshots().save(snapshot, new Pace());
            return true;
        } catch (IOException e) {
            // The log holds all that a snapshot would: it is tried again later, and until then a restart takes longer.
            LOG.warn("state snapshot at index {} could not be saved: {}", snapshot.index(), e.toString());
            return false;
        }
    }

    /** Leaves the disk and the processors to writes for most of the time that a snapshot takes. */
    private final class Pace implements Runnable {
        private long begun = System.nanoTime();

        @Override
        public void run() {
            if (!stopping) {
                long pause = PAUSE_FACTOR * (System.nanoTime() - begun);
                LockSupport.parkNanos(this, Math.min(pause, MAX_PAUSE_NANOS));
            }
            begun = System.nanoTime();
        }
    }

    /** Ends the threads; what they are at is finished. */
    void stopAndWait() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(maintenance);
        reader.shutdown();
        snapshots.shutdown();
        reader.awaitTermination(1, TimeUnit.DAYS);
        snapshots.awaitTermination(1, TimeUnit.DAYS);
        maintenance.join();
    }

    private void maintain() {
        try {
            while (!stopping) {
                maintenanceDue.set(false);
                log.maintain();
                if (!maintenanceDue.get() && !stopping) {
                    LockSupport.parkNanos(this, MAINTENANCE_NANOS);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            halt.now("the disk fails", e);
        }
    }
}
