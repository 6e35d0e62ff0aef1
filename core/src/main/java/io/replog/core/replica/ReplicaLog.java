package io.replog.core.replica;

import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.LogTail;
import io.replog.core.quorum.Membership;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica knows of its log: the numbers, the newest entries and the control entries. Holds
 * {@code commitIndex ≤ durableIndex ≤ lastIndex} at all times.
 */
final class ReplicaLog {
    private final LogTail tail = new LogTail();
    private final ControlHistory control = new ControlHistory();
    private final long tailBytes;
    private long lastIndex;
    private long lastTerm;
    private long lastId;
    private long durableIndex;
    private long commitIndex;
    private long uncommittedBytes;

    ReplicaLog(RecoveredState recovered, long tailBytes) {
        this.tailBytes = tailBytes;
        for (LogEntry entry : recovered.controlEntries()) {
            control.append(entry);
        }
        lastIndex = recovered.lastIndex();
        lastTerm = recovered.lastTerm();
        lastId = recovered.lastId();
        durableIndex = lastIndex;
        commitIndex = recovered.snapshot().index();
        check(commitIndex <= lastIndex, "the log ends before the state snapshot");
    }

    /** Takes an entry that was read at the start, after the state snapshot. */
    void recover(LogEntry entry) {
        tail.append(entry);
        uncommittedBytes += entry.length();
        // The header says what was committed when the leader made the entry.
        if (entry.commitIndex() > commitIndex) {
            commit(entry.commitIndex());
        }
    }

    void append(LogEntry entry) {
        check(entry.firstIndex() == lastIndex + 1, "an entry that does not follow the log's last");
        check(entry.term() >= lastTerm, "an entry of an older term than the log's last");
        tail.append(entry);
        uncommittedBytes += entry.length();
        if (entry.type().isControl()) {
            control.append(entry);
        } else {
            check(entry.term() == lastTerm, "a term that does not begin with a no-op");
        }
        lastIndex = entry.lastIndex();
        lastTerm = entry.term();
        lastId = entry.lastId();
    }

    /** Drops all entries from {@code fromIndex} on, the first index of an entry. */
    void truncate(long fromIndex) {
        check(fromIndex > commitIndex, "truncation of what is committed");
        LogEntry first = tail.find(fromIndex);
        if (first == null || first.firstIndex() != fromIndex) {
            throw new IllegalStateException("truncation at " + fromIndex + ", within " + first);
        }
        for (LogEntry entry = first; entry != null; entry = tail.find(entry.lastIndex() + 1)) {
            uncommittedBytes -= entry.length();
        }
        long lastIdBefore = first.type() == EntryType.MESSAGES ? first.firstId() - 1 : first.lastId();
        tail.truncate(fromIndex);
        control.truncate(fromIndex);
        lastIndex = fromIndex - 1;
        lastTerm = termAt(lastIndex);
        lastId = lastIdBefore;
        durableIndex = Math.min(durableIndex, lastIndex);
    }

    void flushed(long index) {
        check(index <= lastIndex, "a flush beyond the end of the log");
        durableIndex = Math.max(durableIndex, index);
    }

    void commit(long index) {
        check(index >= commitIndex, "a commit index that goes back");
        check(index <= durableIndex, "a commit index beyond what is durable");
        while (commitIndex < index) {
            LogEntry entry = tail.find(commitIndex + 1);
            if (entry == null || entry.lastIndex() > index) {
                throw new IllegalStateException("a commit index within " + entry + ": " + index);
            }
            commitIndex = entry.lastIndex();
            uncommittedBytes -= entry.length();
        }
    }

    /** Gives up the oldest entries in memory beyond the bound, none beyond {@code index}, which is committed. */
    void evict(long index) {
        check(index <= commitIndex, "an eviction of what is not committed");
        tail.evict(tailBytes, index);
    }

    /** The entry that takes {@code index}, null where it is not in memory. */
    @Nullable LogEntry find(long index) {
        return tail.find(index);
    }

    /** See {@link LogTail#from}. */
    List<LogEntry> from(long index, int maxBytes) {
        return tail.from(index, maxBytes);
    }

    /** The term at {@code index}: 0 before the first entry, -1 beyond the last. */
    long termAt(long index) {
        return index > lastIndex ? -1 : control.termAt(index);
    }

    ControlHistory control() {
        return control;
    }

    Membership membership() {
        return control.membership();
    }

    long lastIndex() {
        return lastIndex;
    }

    long lastTerm() {
        return lastTerm;
    }

    long lastId() {
        return lastId;
    }

    long durableIndex() {
        return durableIndex;
    }

    long commitIndex() {
        return commitIndex;
    }

    /** Bytes of the entries in memory that are not committed. */
    long uncommittedBytes() {
        return uncommittedBytes;
    }

    boolean isEmpty() {
        return lastIndex == 0;
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise + ": last " + lastIndex + ", term " + lastTerm + ", durable "
                    + durableIndex + ", committed " + commitIndex);
        }
    }
}
