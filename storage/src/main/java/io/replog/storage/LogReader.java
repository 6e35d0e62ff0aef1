package io.replog.storage;

import io.replog.core.log.LogEntry;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Reads the durable part of the log. Thread-safe; takes no lock that the writer holds while it forces. Every entry that
 * it gives was checked against its checksum.
 */
public interface LogReader {
    /** Last durable index, 0 where the log is empty. */
    long durableIndex();

    /** Id of the last durable message, 0 where there is none. */
    long durableId();

    /** Id of the last message up to {@code index}; {@code index} is at most {@link #durableIndex()}. */
    long lastIdAt(long index);

    /** The entry that takes {@code index}. */
    Optional<LogEntry> entryAt(long index);

    /** The entry that holds message {@code id}. */
    Optional<LogEntry> entryOfMessage(long id);

    /**
     * Consecutive entries, the first one taking {@code fromIndex}; as many as fit into {@code maxBytes}, but at least
     * one. Empty where {@code fromIndex} is not in the durable log.
     */
    List<LogEntry> read(long fromIndex, int maxBytes);

    /**
     * All durable entries from the one that takes {@code fromIndex} on, in order, read ahead in bounded pieces; ends at
     * what is durable when it gets there.
     */
    Iterator<LogEntry> scan(long fromIndex);

    /**
     * A checksum over all entries up to {@code index}, the same on every node that has them, however they lie in
     * segments. Within a batch it covers the batch's messages up to {@code index}.
     */
    Optional<Long> digest(long index);
}
