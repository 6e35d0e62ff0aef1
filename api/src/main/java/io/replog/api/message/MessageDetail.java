package io.replog.api.message;

import java.time.Instant;

/**
 * Answer of {@code GET /messages/{id}}.
 *
 * @param id        number of the message
 * @param message   its text
 * @param index     its place in the log
 * @param term      term of its entry
 * @param timestamp the leader's clock when it appended the message; for people, orders nothing
 */
public record MessageDetail(long id, String message, long index, long term, Instant timestamp) {}
