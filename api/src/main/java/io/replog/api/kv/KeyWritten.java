package io.replog.api.kv;

import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code PUT /kv/{key}} and {@code POST /kv/{key}/append}.
 *
 * @param key      the key
 * @param value    its value after the write
 * @param index    index of the command
 * @param previous its value before the write, null where it was absent
 */
public record KeyWritten(
        String key, String value, long index, @Nullable String previous) {}
