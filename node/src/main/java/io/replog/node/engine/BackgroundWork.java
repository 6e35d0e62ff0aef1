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
 * Disk work that nobody must wait for: reading older entries for slow peers on one thread; state snapshots and
 * preallocation on another.
 */
final class BackgroundWork {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWork.class);
    private static final long MAINTENANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final DataDirectory directory;
    private final SegmentedLog log;
    private final Consumer<Input> replica;
    private final LogDamage damage;
    private final Halt halt;
    private final ThreadPoolExecutor reader;
    private final Thread maintenance;
    private final AtomicBoolean maintenanceDue = new AtomicBoolean(true);
    private final LinkedBlockingQueue<StateSnapshot> snapshots = new LinkedBlockingQueue<>();
    private volatile boolean stopping;

    /** @param replica takes the answers, on threads of this object */
    BackgroundWork(DataDirectory directory, Consumer<Input> replica, LogDamage damage, Halt halt, String threadPrefix) {
        this.directory = directory;
        this.log = directory.log();
        this.replica = replica;
        this.damage = damage;
        this.halt = halt;
        this.reader = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(threadPrefix + "log-reader").factory());
        this.maintenance = Thread.ofPlatform()
                .daemon()
                .name(threadPrefix + "log-maintenance")
                .unstarted(this::maintain);
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

    /** Answered with {@link Input.SnapshotSaved}. */
    void save(StateSnapshot snapshot) {
        snapshots.add(snapshot);
        LockSupport.unpark(maintenance);
    }

    /** Ends the threads; what they are at is finished. */
    void stopAndWait() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(maintenance);
        reader.shutdown();
        reader.awaitTermination(1, TimeUnit.DAYS);
        maintenance.join();
    }

    private void maintain() {
        try {
            while (!stopping) {
                StateSnapshot snapshot = snapshots.poll();
                if (snapshot != null) {
                    save(directory, snapshot);
                }
                maintenanceDue.set(false);
                log.maintain();
                if (snapshots.isEmpty() && !maintenanceDue.get() && !stopping) {
                    LockSupport.parkNanos(this, MAINTENANCE_NANOS);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            halt.now("the disk fails", e);
        }
    }

    private void save(DataDirectory target, StateSnapshot snapshot) {
        boolean saved = false;
        try {
            target.snapshots().save(snapshot);
            saved = true;
        } catch (IOException e) {
            // The log holds all that a snapshot would: it is tried again later, and until then a restart takes longer.
            LOG.warn("state snapshot at index {} could not be saved: {}", snapshot.index(), e.toString());
        }
        replica.accept(new Input.SnapshotSaved(snapshot.index(), saved));
    }
}
