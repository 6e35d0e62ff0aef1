package io.replog.api.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /cluster/members}: adds a member, or changes the one of that id.
 *
 * @param id       1–64 letters, digits, dots, underscores or hyphens
 * @param url      base URL; may be left out for a member that is there
 * @param kind     {@code voter}, {@code learner}, {@code spare} or {@code witness}; null: {@code voter} for a new one, unchanged for one
 *                 that is there
 * @param priority whole number from 0; null: 1 for a new one, unchanged for one that is there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewMember(
        String id,
        @Nullable String url,
        @Nullable String kind,
        @Nullable Integer priority) {}
