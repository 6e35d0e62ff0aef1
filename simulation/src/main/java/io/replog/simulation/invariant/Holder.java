package io.replog.simulation.invariant;

import io.replog.core.log.LogEntry;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.HardState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One disk of one node, for as long as the world lasts: also when the node is down, and when the disk is lost. For what a
 * lost disk had acknowledged, it had really held.
 */
final class Holder {
    final NodeId node;
    final long incarnation;

    /** The log as the replica has it: what its effects say, done or not. */
    final ShadowLog log = new ShadowLog();

    /** The log as the disk has it; forced up to {@link #durable}. */
    final ShadowLog disk = new ShadowLog();

    long durable;

    /** What was durable before the last force of this life: entries that are proven to have others durably behind them. */
    long durableBefore;

    boolean forcedInThisLife;

    /** As it was saved last. */
    HardState hardState;

    /** What is being saved: after a power cut either is right. Null where nothing is. */
    @Nullable HardState saving;

    /** Where the log is being cut: after a power cut either is right. Beyond all indexes where it is not. */
    long cutting = Long.MAX_VALUE;

    /** The highest commit index that the node knew, ever: it may forget some of it in a restart, never unlearn it. */
    long commit;

    final Map<Long, NodeId> votes = new HashMap<>();
    private final Set<EntryId> cut = new HashSet<>();

    Holder(NodeId node, HardState hardState) {
        this.node = node;
        this.incarnation = hardState.incarnation();
        this.hardState = hardState;
    }

    /** Whether the disk durably holds this entry, with or without its payload. */
    boolean holds(LogEntry entry) {
        if (durable < entry.lastIndex()) {
            return false;
        }
        LogEntry here = disk.at(entry.lastIndex());
        return here != null && ShadowLog.same(here, entry);
    }

    /** Whether the disk once was a witness's: there are entries without payload in it, so there is no state to apply. */
    boolean lacksPayloads() {
        return log.lacksPayloads() || disk.lacksPayloads();
    }

    /** Whether the disk ever durably held it. */
    boolean everHeld(LogEntry entry) {
        return holds(entry) || cut.contains(EntryId.of(entry));
    }

    void cutDisk(long fromIndex) {
        for (LogEntry entry : disk.between(fromIndex - 1, durable)) {
            cut.add(EntryId.of(entry));
        }
        disk.truncateFrom(fromIndex);
        durable = Math.min(durable, disk.lastIndex());
        durableBefore = Math.min(durableBefore, durable);
    }

    @Override
    public String toString() {
        return node + "/" + Long.toHexString(incarnation);
    }
}
