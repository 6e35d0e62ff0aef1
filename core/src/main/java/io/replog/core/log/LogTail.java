package io.replog.core.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries of a log, in memory: a ring of consecutive entries. It grows at the end, is truncated there, and
 * gives up its oldest entries beyond a number of bytes. Not thread-safe.
 */
public final class LogTail {
    private static final int FIRST_CAPACITY = 1024;

    private @Nullable LogEntry[] ring = new @Nullable LogEntry[FIRST_CAPACITY];
    private int head;
    private int size;
    private long bytes;

    /** Bytes of the entries held. */
    public long bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** First index held; {@link Long#MAX_VALUE} where nothing is. */
    public long firstIndex() {
        return size == 0 ? Long.MAX_VALUE : at(0).firstIndex();
    }

    /** @throws IllegalStateException where {@code entry} does not follow the last one */
    public void append(LogEntry entry) {
        if (size > 0 && entry.firstIndex() != at(size - 1).lastIndex() + 1) {
            throw new IllegalStateException(entry + " does not follow " + at(size - 1));
        }
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) & (ring.length - 1)] = entry;
        size++;
        bytes += entry.length();
    }

    /** The entry that takes {@code index}, null where it is not held. */
    public @Nullable LogEntry find(long index) {
        int position = position(index);
        return position < 0 ? null : at(position);
    }

    /**
     * Consecutive entries, the first one taking {@code index}: at least one, more while they fit into {@code maxBytes}.
     * Empty where {@code index} is not held.
     */
    public List<LogEntry> from(long index, int maxBytes) {
        int position = position(index);
        if (position < 0) {
            return List.of();
        }
        List<LogEntry> entries = new ArrayList<>(Math.min(size - position, 64));
        long taken = 0;
        for (int i = position; i < size; i++) {
            LogEntry entry = at(i);
            taken += entry.length();
            if (taken > maxBytes && !entries.isEmpty()) {
                break;
            }
            entries.add(entry);
        }
        return entries;
    }

    /** Drops all entries that take {@code fromIndex} or a later index. */
    public void truncate(long fromIndex) {
        while (size > 0 && at(size - 1).lastIndex() >= fromIndex) {
            bytes -= at(size - 1).length();
            ring[(head + size - 1) & (ring.length - 1)] = null;
            size--;
        }
    }

    /** Drops the oldest entries while more than {@code maxBytes} are held, none that reaches beyond {@code upTo}. */
    public void evict(long maxBytes, long upTo) {
        while (size > 0 && bytes > maxBytes && at(0).lastIndex() <= upTo) {
            bytes -= at(0).length();
            ring[head] = null;
            head = (head + 1) & (ring.length - 1);
            size--;
        }
    }

    private int position(long index) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            LogEntry entry = at(middle);
            if (entry.lastIndex() < index) {
                low = middle + 1;
            } else if (entry.firstIndex() > index) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    private LogEntry at(int position) {
        LogEntry entry = ring[(head + position) & (ring.length - 1)];
        if (entry == null) {
            throw new IllegalStateException("no entry at position " + position + " of " + size);
        }
        return entry;
    }

    private void grow() {
        @Nullable LogEntry[] larger = new @Nullable LogEntry[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = at(i);
        }
        ring = larger;
        head = 0;
    }
}
