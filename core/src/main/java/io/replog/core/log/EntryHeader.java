package io.replog.core.log;

/**
 * The numbers of a new entry; see the frame in {@link LogEntry}.
 *
 * @param firstIndex      at least 1
 * @param count           indexes that the entry takes, at least 1
 * @param term            term of the leader that makes it; 0 for the founding membership alone
 * @param timestampMillis the leader's wall clock, milliseconds since 1970
 * @param lastId          id of the last message up to and including this entry
 * @param commitIndex     the leader's commit index
 */
public record EntryHeader(long firstIndex, int count, long term, long timestampMillis, long lastId, long commitIndex) {}
