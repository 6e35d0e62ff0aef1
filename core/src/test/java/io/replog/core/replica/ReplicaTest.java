package io.replog.core.replica;

import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

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
