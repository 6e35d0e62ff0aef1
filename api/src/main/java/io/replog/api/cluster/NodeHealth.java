package io.replog.api.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code GET /health}.
 *
 * @param status   {@code UP}
 * @param node     id of the answering node
 * @param role     {@code leader}, {@code follower}, {@code candidate}, {@code learner} or {@code witness}
 * @param term     the newest term that it has seen
 * @param leader   id of the leader, null where it knows none
 * @param quorum   on the leader: whether it hears from a majority; elsewhere: whether there is a leader
 * @param readOnly whether the cluster, as this node knows it, would refuse a write now
 * @param members  as this node sees them, sorted by id
 */
public record NodeHealth(
        String status,
        String node,
        String role,
        long term,
        @Nullable String leader,
        boolean quorum,
        boolean readOnly,
        List<MemberHealth> members) {}
