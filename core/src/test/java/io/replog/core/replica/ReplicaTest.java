package io.replog.core.replica;

import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.is;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.protocol.PeerMessage.AppendReply;
import io.replog.core.protocol.PeerMessage.HeartbeatReply;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.ReplicaStatus.Health;
import org.junit.jupiter.api.Test;

/** The whole of a small cluster: founding, writing, failing over. */
class ReplicaTest {
    @Test
    void aClusterOfOneFoundsItselfAndAcknowledges() {
        Cluster cluster = Cluster.started(voter("a"));

        Outcome outcome = cluster.write("one", WriteConcern.ALL);

        assertThat(outcome).isInstanceOf(Outcome.Acknowledged.class);
        assertThat(cluster.node("a").status().view()).isEqualTo(2);
    }

    @Test
    void theFounderLeadsAndAllAcknowledge() {
        Cluster cluster = Cluster.ofThree();

        Outcome outcome = cluster.write("one", WriteConcern.ALL);

        assertThat(cluster.leader().id.value()).isEqualTo("a");
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> {
            assertThat(acknowledged.w()).isEqualTo(3);
            assertThat(acknowledged.placement().acks()).hasSize(3);
            assertThat(acknowledged.placement().firstId()).isEqualTo(1);
            assertThat(acknowledged.placement().committed()).isTrue();
        });
    }

    @Test
    void followersShowOtherMembersAsTheLeaderSeesThem() {
        Cluster cluster = Cluster.ofThree();
        cluster.isolate("c");

        cluster.run(3_000 * MS);

        assertThat(healthAt(cluster.node("a"), "c")).isEqualTo(Health.UNHEALTHY);
        assertThat(healthAt(cluster.node("b"), "c")).isEqualTo(Health.UNHEALTHY);
        assertThat(healthAt(cluster.node("b"), "a")).isEqualTo(Health.HEALTHY);

        cluster.heal();
        cluster.run(3_000 * MS);

        assertThat(healthAt(cluster.node("b"), "c")).isEqualTo(Health.HEALTHY);
        assertThat(healthAt(cluster.node("c"), "b")).isEqualTo(Health.HEALTHY);
    }

    @Test
    void aDeadLeaderIsNeverShownAsHealthyWhileItsSuccessorIsSought() {
        Cluster cluster = Cluster.ofThree();
        cluster.node("a").crash();
        cluster.runUntil(() -> healthAt(cluster.node("b"), "a") != Health.HEALTHY);
        cluster.runUntil(() -> healthAt(cluster.node("c"), "a") != Health.HEALTHY);

        long end = cluster.now + 5_000 * MS;
        while (cluster.now < end) {
            cluster.run(MS);
            assertThat(healthAt(cluster.node("b"), "a")).isNotEqualTo(Health.HEALTHY);
            assertThat(healthAt(cluster.node("c"), "a")).isNotEqualTo(Health.HEALTHY);
        }

        assertThat(cluster.leader()).isNotNull();
        assertThat(healthAt(cluster.leader(), "a")).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void aMemberThatTheLeaderBeforeMissedIsSuspectedByTheNextOneUntilItIsHeard() {
        // given a follower that is dead when the lead is handed over
        Cluster cluster = Cluster.ofThree();
        cluster.node("c").crash();
        cluster.runUntil(() -> healthAt(cluster.node("b"), "c") == Health.UNHEALTHY);

        // when
        cluster.leader().step(new Input.TransferLeadership(cluster.nextRequest(), new NodeId("b"), Input.NO_DEADLINE));
        cluster.deliver();

        // then
        assertThat(cluster.leader().id).isEqualTo(new NodeId("b"));
        assertThat(healthAt(cluster.node("b"), "a")).isEqualTo(Health.HEALTHY);
        assertThat(healthAt(cluster.node("b"), "c")).isEqualTo(Health.SUSPECTED);
        assertThat(healthAt(cluster.node("a"), "c")).isEqualTo(Health.SUSPECTED);

        cluster.node("c").start();
        cluster.runUntil(() -> healthAt(cluster.node("b"), "c") == Health.HEALTHY);
        cluster.runUntil(() -> healthAt(cluster.node("a"), "c") == Health.HEALTHY);
    }

    @Test
    void whoVotedForTheNextLeaderIsHealthyAtOnce() {
        // given a follower that the leader misses
        Cluster cluster = Cluster.ofThree();
        cluster.isolate("c");
        cluster.runUntil(() -> healthAt(cluster.node("b"), "c") == Health.UNHEALTHY);

        // when that one is back and the leader is gone; of those who are left only votes are heard
        cluster.isolate("a");
        cluster.dropped = cluster.dropped.or(is(HeartbeatReply.class)).or(is(AppendReply.class));
        cluster.runUntil(() -> cluster.leader() != null && cluster.leader() != cluster.node("a"));

        // then
        assertThat(healthAt(cluster.leader(), cluster.node("b").leads() ? "c" : "b"))
                .isEqualTo(Health.HEALTHY);
    }

    @Test
    void aDeposedLeaderStillKnowsWhomItMissed() {
        Cluster cluster = Cluster.ofThree();
        cluster.node("b").crash();
        cluster.runUntil(() -> healthAt(cluster.node("a"), "b") == Health.UNHEALTHY);
        cluster.node("c").crash();

        cluster.runUntil(() -> !cluster.node("a").leads());

        assertThat(healthAt(cluster.node("a"), "b")).isEqualTo(Health.UNHEALTHY);
        assertThat(healthAt(cluster.node("a"), "c")).isNotEqualTo(Health.HEALTHY);
    }

    private static Health healthAt(Cluster.Node node, String member) {
        return node.status().members().stream()
                .filter(status -> status.member().id().value().equals(member))
                .findFirst()
                .orElseThrow()
                .health();
    }

    @Test
    void anotherVoterTakesOverAndKeepsWhatWasAcknowledged() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.MAJORITY);
        cluster.node("a").crash();

        cluster.runUntil(() -> cluster.leader() != null);
        Outcome outcome = cluster.write("two", WriteConcern.MAJORITY);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(
                        acknowledged.placement().firstId())
                .isEqualTo(2));
        cluster.node("a").start();
        cluster.run(3_000 * MS);
        assertThat(cluster.node("a").status().commitIndex())
                .isEqualTo(cluster.leader().status().commitIndex());
    }
}
