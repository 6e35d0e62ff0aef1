package io.replog.api.kv;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Body of a write to a key.
 *
 * @param value the text
 * @param w     write concern: a whole number from 1, {@code majority} or {@code all}; null for the node's default
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewValue(String value, @Nullable String w) {}
