package io.replog.storage;

import io.replog.core.log.LogEntry;
import java.io.IOException;
import java.util.List;

/**
 * The durable log in segment files. {@link #append}, {@link #force} and {@link #truncateFrom} belong to one thread, the
 * log writer; {@link #reserve}, {@link #release}, {@link #maintain} and {@link #reader} to any.
 *
 * <p>An {@link IOException} from append, force or truncate that is no {@link DiskFullException} leaves it unknown what
 * is durable: the process must halt.
 */
public final class SegmentedLog {
    SegmentedLog() {}

    /**
     * Sets room for an entry of {@code frameBytes} apart, so that appending it cannot meet a full disk. Allocates where
     * nothing is ready, so it may take some milliseconds.
     *
     * @throws DiskFullException where there is no room: nothing is reserved
     */
    public void reserve(int frameBytes) throws DiskFullException {
        throw new DiskFullException("not yet built: " + frameBytes);
    }

    /** Gives back what was reserved for an entry that will not be appended. */
    public void release(int frameBytes) {
        throw new UnsupportedOperationException("release " + frameBytes);
    }

    /**
     * Writes consecutive entries, the first one following the last of the log. Not durable, and not visible to readers,
     * before {@link #force}.
     *
     * @param reservedBytes what was {@linkplain #reserve reserved} for entries among these; used up by this call. Room
     *                      for the others (a follower's, control entries) is reserved by the call itself
     * @throws DiskFullException where there is no room for the others: nothing of this call is stored, and what was
     *                           reserved stays reserved
     */
    public void append(List<LogEntry> entries, long reservedBytes) throws IOException {
        throw new UnsupportedOperationException("append " + entries + reservedBytes);
    }

    /**
     * Makes all that was appended durable and visible to readers. Must not be tried again after a failure.
     *
     * @return the last index that is durable now, 0 where the log is empty
     */
    public long force() throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Cuts the log so that {@code fromIndex} and all after it are gone. What is cut was put into {@code rollbacks/}
     * before, readable. Durable when it returns; a crash before leaves either all or nothing cut.
     *
     * @param fromIndex first index of an entry
     * @throws DiskFullException where there is no room for the copy in {@code rollbacks/}: nothing is cut
     */
    public void truncateFrom(long fromIndex) throws IOException {
        throw new UnsupportedOperationException("truncate " + fromIndex);
    }

    /**
     * Allocates ahead of need and writes what restarts are sped up by. To be called from one background thread, when
     * {@link #onMaintenanceDue} says so and about every second besides. A full disk is no error here.
     *
     * @throws IOException the disk fails; the process must halt
     */
    public void maintain() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Sets who is told, on any thread, that {@link #maintain} has something to do; must return at once. */
    public void onMaintenanceDue(Runnable listener) {
        throw new UnsupportedOperationException(listener.toString());
    }

    /** Last index appended, durable or not; 0 where the log is empty. For the log writer's thread. */
    public long lastIndex() {
        return 0;
    }

    public LogReader reader() {
        throw new UnsupportedOperationException();
    }
}
