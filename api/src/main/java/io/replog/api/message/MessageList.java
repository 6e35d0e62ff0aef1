package io.replog.api.message;

import java.util.List;

/**
 * Answer of {@code GET /messages}.
 *
 * @param messages in the order of ids, without gaps
 * @param lastId   the last id that the node has at the read level asked for, 0 where it has none
 */
public record MessageList(List<Message> messages, long lastId) {}
