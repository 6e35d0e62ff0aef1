package io.replog.api.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of {@code GET /cluster/events}, as the node saw it.
 *
 * @param sequence number of the event on this node since it started, from 1
 * @param time     the node's clock; for people
 * @param type     what happened: {@code role-changed}, {@code leader-changed}, {@code view-changed} or
 *                 {@code member-status-changed}
 * @param term     the node's term after it
 * @param role     the node's role after it
 * @param leader   id of the leader after it, null where unknown
 * @param view     number of the view after it
 * @param member   id of the member that it is about, null where it is about none
 * @param reason   why, in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterEvent(
        long sequence,
        Instant time,
        String type,
        long term,
        String role,
        @Nullable String leader,
        long view,
        @Nullable String member,
        String reason) {}
