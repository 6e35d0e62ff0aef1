package io.replog.api.kv;

import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code DELETE /kv/{key}}.
 *
 * @param key      the key
 * @param previous its value before, null where it was absent
 * @param index    index of the command
 */
public record KeyDeleted(String key, @Nullable String previous, long index) {}
