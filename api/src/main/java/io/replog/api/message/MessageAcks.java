package io.replog.api.message;

import java.util.List;

/**
 * Answer of {@code GET /messages/{id}/acks}: who holds the message now.
 *
 * @param id        number of the message
 * @param index     its place in the log
 * @param acks      ids of the data-bearing members that hold it durably, sorted
 * @param missing   ids of the other data-bearing members, sorted
 * @param committed whether it will survive any failover
 */
public record MessageAcks(long id, long index, List<String> acks, List<String> missing, boolean committed) {}
