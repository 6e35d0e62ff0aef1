package io.replog.node.text;

import org.jspecify.annotations.Nullable;

/**
 * What an acknowledged write gave.
 *
 * @param index    of its entry
 * @param id       of the message, 0 for a command
 * @param value    the key's value after the command, null where it is absent
 * @param previous the key's value before the command, null where it was absent
 */
record WriteAnswer(
        long index,
        long id,
        @Nullable String value,
        @Nullable String previous) {}
