package io.replog.api.kv;

import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code POST /kv/{key}/hash}.
 *
 * @param previous the value before, null where the key was absent
 * @param value    the value after: an unsigned decimal FNV-1a 32-bit hash
 * @param index    index of the command
 */
public record KeyHashed(@Nullable String previous, String value, long index) {}
