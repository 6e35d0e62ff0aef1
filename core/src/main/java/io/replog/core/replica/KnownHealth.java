package io.replog.core.replica;

import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus.Health;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node that does not lead knows of the others' health: of the leader it heard last by that leader's silence, of the
 * rest what that leader said. It outlives elections, so a member that is dead is not shown as healthy while a successor is
 * sought.
 */
final class KnownHealth {
    private final ReplicaConfig.Timing timing;
    private @Nullable NodeId leader;
    private long leaderHeardAt;
    private List<NodeId> suspected = List.of();
    private List<NodeId> unhealthy = List.of();

    KnownHealth(ReplicaConfig.Timing timing) {
        this.timing = timing;
    }

    /** {@code from} leads and was heard just {@code now}. */
    void heard(NodeId from, long now) {
        if (!from.equals(leader)) {
            keepJudgement(now);
            leader = from;
        }
        leaderHeardAt = now;
    }

    /** What was known of the leader before stands until the next one says more. */
    private void keepJudgement(long now) {
        NodeId before = leader;
        if (before != null) {
            switch (Silence.judge(timing, now - leaderHeardAt)) {
                case HEALTHY -> {}
                case SUSPECTED -> suspected = and(suspected, before);
                case UNHEALTHY -> unhealthy = and(unhealthy, before);
            }
        }
    }

    private static List<NodeId> and(List<NodeId> nodes, NodeId another) {
        List<NodeId> all = new ArrayList<>(nodes);
        all.add(another);
        return List.copyOf(all);
    }

    /**
     * What the leader says.
     *
     * @return whether it is news
     */
    boolean told(List<NodeId> nowSuspected, List<NodeId> nowUnhealthy) {
        if (nowSuspected.equals(suspected) && nowUnhealthy.equals(unhealthy)) {
            return false;
        }
        suspected = nowSuspected;
        unhealthy = nowUnhealthy;
        return true;
    }

    /** How long the leader that was heard last has been silent. */
    long leaderSilence(long now) {
        return now - leaderHeardAt;
    }

    Health of(NodeId id, long now) {
        if (id.equals(leader)) {
            return Silence.judge(timing, leaderSilence(now));
        }
        if (unhealthy.contains(id)) {
            return Health.UNHEALTHY;
        }
        return suspected.contains(id) ? Health.SUSPECTED : Health.HEALTHY;
    }
}
