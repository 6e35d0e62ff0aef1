package io.replog.api.cluster;

import org.jspecify.annotations.Nullable;

/**
 * A member in {@link ClusterView}.
 *
 * @param id         its id
 * @param url        its base URL
 * @param kind       {@code voter}, {@code learner}, {@code spare} or {@code witness}
 * @param role       {@code leader}, {@code follower}, {@code candidate}, {@code learner} or {@code witness}, as far as
 *                   known
 * @param priority   who campaigns first
 * @param status     {@code Healthy}, {@code Suspected} or {@code Unhealthy}
 * @param matchIndex up to here it is known to hold the log durably; null where the answering node does not know
 * @param lag        indexes that it is behind the leader's log; null where the answering node does not know
 */
public record MemberView(
        String id,
        String url,
        String kind,
        String role,
        int priority,
        String status,
        @Nullable Long matchIndex,
        @Nullable Long lag) {}
