package io.replog.core.replica;

import io.replog.core.kv.KvResult;
import io.replog.core.log.LogEntry;

/**
 * Applies committed entries in log order, a bounded piece in each step, and asks for state snapshots. An exception while
 * applying is a fault that halts the node: the other members may apply the entry.
 */
final class Applier {
    /** Bytes of entries that one step applies at most, so that a long log never holds up heartbeats. */
    private static final long STEP_BYTES = 8 << 20;

    private final ReplicaState state;
    private final Waiters waiters;
    private long bytesSinceSnapshot;
    private boolean snapshotUnderWay;

    Applier(ReplicaState state, Waiters waiters) {
        this.state = state;
        this.waiters = waiters;
    }

    long appliedIndex() {
        return state.machine.appliedIndex();
    }

    /** Whether there is more to apply than one step took. */
    boolean hasBacklog() {
        return appliedIndex() < state.log.commitIndex();
    }

    void applyCommitted() {
        apply(STEP_BYTES);
    }

    /** Applies all that is known to be committed. */
    void applyRecovered() {
        apply(Long.MAX_VALUE);
    }

    private void apply(long budget) {
        long left = budget;
        while (left > 0 && hasBacklog()) {
            LogEntry entry = state.log.find(appliedIndex() + 1);
            if (entry == null) {
                throw new IllegalStateException("index " + (appliedIndex() + 1) + " is committed but not in memory");
            }
            left -= entry.length();
            apply(entry);
        }
        // What is not applied stays in memory.
        state.log.evict(appliedIndex());
    }

    private void apply(LogEntry entry) {
        KvResult result = state.machine.apply(entry);
        state.sessions.applied(entry.lastIndex(), result);
        waiters.applied(entry.lastIndex(), result);
        state.touch();
        bytesSinceSnapshot += entry.length();
        if (bytesSinceSnapshot >= state.limits().snapshotBytes() && !snapshotUnderWay && !state.lacksPayloads()) {
            snapshotUnderWay = true;
            bytesSinceSnapshot = 0;
            state.emit(new Effect.SaveSnapshot(state.machine.snapshot(state.sessions.snapshot())));
        }
    }

    /** One that failed is made up for by the next. */
    void onSnapshotSaved() {
        snapshotUnderWay = false;
    }
}
