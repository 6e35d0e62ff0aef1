package io.replog.api.message;

import java.util.List;

/**
 * Answer to a batch: it is acknowledged, all of it.
 *
 * @param firstId   number of its first message
 * @param lastId    number of its last message
 * @param count     how many messages it has
 * @param index     place of its last message in the log
 * @param term      term of its entry
 * @param w         how many members the write concern came to
 * @param acks      ids of the data-bearing members that held it durably when this was written, sorted
 * @param committed whether it will survive any failover
 */
public record BatchAppended(
        long firstId, long lastId, long count, long index, long term, int w, List<String> acks, boolean committed) {}
