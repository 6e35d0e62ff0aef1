package io.replog.api.kv;

/**
 * Answer of {@code GET /kv/{key}}.
 *
 * @param key   the key
 * @param value its value
 * @param index index of the command that set it last; the {@code ETag} in quotation marks
 */
public record KeyValue(String key, String value, long index) {}
