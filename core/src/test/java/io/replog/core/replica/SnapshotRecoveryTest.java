package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.key;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.put;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.kv.KvResult;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Cluster.Node;
import org.junit.jupiter.api.Test;

/** A restart from a state snapshot: what lies before it is not read again. */
class SnapshotRecoveryTest {
    @Test
    void stateRequestKeysAndCommitIndexOutliveARestart() {
        // given a snapshot after each entry, so that it covers all but the end of the log
        Cluster cluster = new Cluster(7, voter("a"));
        cluster.limits = new ReplicaConfig.Limits(1 << 20, 8, 8 << 20, 64 << 20, 32 << 20, 10_000, 1_000, 1);
        cluster.startAll();
        cluster.runUntil(() -> cluster.leader() != null);
        Node a = cluster.node("a");
        long first = cluster.append(a, message(key("m"), "one"), WriteConcern.ALL);
        long command = cluster.append(a, put(key("p"), "k", "v1"), WriteConcern.MAJORITY);
        cluster.deliver();
        cluster.append(a, put(RequestKey.NONE, "k", "v2"), WriteConcern.MAJORITY);
        cluster.deliver();
        assertThat(a.snapshot.index()).isGreaterThan(placement(cluster, command).index());
        long commitIndex = a.snapshot.index();

        // when
        a.crash();
        a.start();

        // then nothing that was committed is taken back
        assertThat(a.status().commitIndex()).isGreaterThanOrEqualTo(commitIndex);
        cluster.run(ELECTION);
        assertThat(a.status().state().kv().get("k").value()).isEqualTo("v2");

        // and repeats are answered as such
        long again = cluster.append(a, message(key("m"), "one"), WriteConcern.ALL);
        long commandAgain = cluster.append(a, put(key("p"), "k", "v1"), WriteConcern.MAJORITY);
        cluster.deliver();
        assertThat(cluster.outcome(again)).isInstanceOfSatisfying(Outcome.Acknowledged.class, repeat -> {
            assertThat(repeat.replayed()).isTrue();
            assertThat(repeat.placement().firstId())
                    .isEqualTo(placement(cluster, first).firstId());
            assertThat(repeat.placement().index())
                    .isEqualTo(placement(cluster, first).index());
        });
        KvResult result = ((Outcome.Acknowledged) cluster.outcome(command)).kv();
        assertThat(cluster.outcome(commandAgain)).isInstanceOfSatisfying(Outcome.Acknowledged.class, repeat -> {
            assertThat(repeat.replayed()).isTrue();
            assertThat(repeat.kv()).isEqualTo(result);
        });
        assertThat(a.disk.getLast().lastId()).isEqualTo(1);
    }

    private static Outcome.Placement placement(Cluster cluster, long request) {
        return ((Outcome.Acknowledged) cluster.outcome(request)).placement();
    }
}
