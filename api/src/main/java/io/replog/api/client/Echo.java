package io.replog.api.client;

import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code POST /echo}.
 *
 * @param body the bytes that were sent
 * @param node id of the node that answered, null where it did not say
 * @param time the node's clock, ISO-8601, null where it did not say
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes are handed through; nobody compares echoes.
public record Echo(
        byte[] body, @Nullable String node, @Nullable String time) {}
