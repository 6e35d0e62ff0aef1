package io.replog.api.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /messages}, and a line of a batch.
 *
 * @param message the text
 * @param w       write concern: a whole number from 1, {@code majority} or {@code all}; null for the node's default.
 *                Not accepted in a line of a batch
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewMessage(String message, @Nullable String w) {}
