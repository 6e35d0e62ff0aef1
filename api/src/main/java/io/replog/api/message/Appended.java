package io.replog.api.message;

import java.util.List;

/**
 * Answer to a message: it is acknowledged.
 *
 * @param id        number of the message
 * @param index     its place in the log
 * @param term      term of its entry
 * @param w         how many members the write concern came to
 * @param acks      ids of the data-bearing members that held it durably when this was written, sorted
 * @param committed whether it will survive any failover
 */
public record Appended(long id, long index, long term, int w, List<String> acks, boolean committed) {}
