package io.replog.node.ops;

import static io.replog.node.ops.Statuses.OTHER;
import static io.replog.node.ops.Statuses.SELF;
import static io.replog.node.ops.Statuses.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Effect;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplogMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ReplogMetrics metrics = new ReplogMetrics(registry);
    private ReplicaStatus before = status(Role.FOLLOWER, 0, null);

    @Test
    void anElectionIsATermInWhichThisNodeAskedForVotes() {
        // given
        becomes(Role.FOLLOWER, 1, OTHER);

        // when: it asks whether it could win, then for votes, then again, and is elected
        becomes(Role.CANDIDATE, 1, null);
        becomes(Role.CANDIDATE, 2, null);
        becomes(Role.CANDIDATE, 3, null);
        becomes(Role.LEADER, 3, SELF);

        // then
        assertThat(count("replog.elections")).isEqualTo(2);
    }

    @Test
    void aPreVoteThatCameToNothingIsNoElection() {
        // given
        becomes(Role.FOLLOWER, 1, OTHER);

        // when
        becomes(Role.CANDIDATE, 1, null);
        becomes(Role.FOLLOWER, 1, OTHER);

        // then
        assertThat(count("replog.elections")).isZero();
    }

    @Test
    void aLeaderThatIsHeardAgainIsNoOther() {
        // given
        becomes(Role.FOLLOWER, 1, OTHER);
        assertThat(count("replog.leader.changes")).isEqualTo(1);

        // when
        becomes(Role.FOLLOWER, 1, null);
        becomes(Role.FOLLOWER, 1, OTHER);

        // then
        assertThat(count("replog.leader.changes")).isEqualTo(1);

        // when: one of another term, be it the same node
        becomes(Role.FOLLOWER, 2, OTHER);
        becomes(Role.LEADER, 3, SELF);

        // then
        assertThat(count("replog.leader.changes")).isEqualTo(3);
    }

    @Test
    void timeWithoutALeaderGrowsWhileThereIsNone() {
        // given: none is known at the start
        double atStart = leaderless();
        assertThat(grows()).isTrue();

        // when
        becomes(Role.FOLLOWER, 1, OTHER);

        // then
        double withLeader = leaderless();
        assertThat(withLeader).isGreaterThan(atStart);
        assertThat(leaderless()).isEqualTo(withLeader);

        // when
        becomes(Role.CANDIDATE, 1, null);

        // then
        assertThat(grows()).isTrue();
        becomes(Role.LEADER, 2, SELF);
        double inAll = leaderless();
        assertThat(inAll).isGreaterThan(withLeader);
        assertThat(leaderless()).isEqualTo(inAll);
    }

    private void becomes(Role role, long term, @Nullable NodeId leader) {
        ReplicaStatus status = status(role, term, leader);
        metrics.roleChanged(new Effect.RoleChanged(role, term, leader, "a test"), status);
        metrics.published(before, status);
        before = status;
    }

    private double count(String counter) {
        return registry.get(counter).counter().count();
    }

    private double leaderless() {
        return registry.get("replog.leaderless").timeGauge().value(TimeUnit.NANOSECONDS);
    }

    private boolean grows() {
        double begin = leaderless();
        for (int i = 0; i < 1_000 && leaderless() <= begin; i++) {
            LockSupport.parkNanos(10_000);
        }
        return leaderless() > begin;
    }
}
