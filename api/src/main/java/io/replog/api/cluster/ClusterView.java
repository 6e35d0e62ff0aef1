package io.replog.api.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code GET /cluster}.
 *
 * @param view        grows by one with each new leader and each change of membership
 * @param term        the newest term that the answering node has seen
 * @param leader      id of the leader, null where unknown
 * @param leaderUrl   its base URL, null where unknown
 * @param commitIndex as the answering node knows it
 * @param lastIndex   of the answering node's log
 * @param writable    whether the answering node, as leader, or the leader that it knows, would take a write now
 * @param members     sorted by id
 */
public record ClusterView(
        long view,
        long term,
        @Nullable String leader,
        @Nullable String leaderUrl,
        long commitIndex,
        long lastIndex,
        boolean writable,
        List<MemberView> members) {}
