package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.is;
import static io.replog.core.replica.Cluster.member;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Cluster.Node;
import org.junit.jupiter.api.Test;

class ReadsTest {
    @Test
    void aLeaderAnswersWhenAQuorumHasConfirmedIt() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.MAJORITY);
        long index = cluster.leader().status().commitIndex();

        long read = read(cluster, cluster.leader());
        assertThat(cluster.outcome(read)).isNull();
        cluster.deliver();

        assertThat(cluster.outcome(read)).isEqualTo(new Outcome.ReadReady(index));
    }

    @Test
    void aDeposedLeaderDoesNotAnswer() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.isolate("a");

        long read = read(cluster, a);
        cluster.run(10 * ELECTION);

        assertThat(cluster.outcome(read)).isEqualTo(new Outcome.Refused(Refusal.NO_QUORUM));
    }

    @Test
    void anAnswerToARoundFromBeforeTheReadDoesNotConfirmIt() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.now += Cluster.HEARTBEAT;
        a.step(new Input.Tick());
        var earlier = cluster.take(is(PeerMessage.Heartbeat.class));
        assertThat(earlier).isNotEmpty();
        long read = read(cluster, a);
        cluster.network.clear();

        cluster.network.addAll(earlier);
        cluster.deliver();

        assertThat(cluster.outcome(read)).isNull();
    }

    @Test
    void readsThatComeTogetherShareARound() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        a.step(java.util.stream.IntStream.range(0, 50)
                .<Input>mapToObj(_ -> new Input.Read(cluster.nextRequest(), Input.NO_DEADLINE))
                .toList());

        assertThat(cluster.take(is(PeerMessage.Heartbeat.class))).hasSize(2);
    }

    @Test
    void followersLearnersAndWitnessesAskTheLeader() {
        Cluster cluster = Cluster.started(
                voter("a"), voter("b"), member("w", MemberKind.WITNESS), member("l", MemberKind.LEARNER));
        cluster.write("one", WriteConcern.ALL);
        long index = cluster.leader().status().commitIndex();

        long atFollower = read(cluster, cluster.node("b"));
        long atLearner = read(cluster, cluster.node("l"));
        long atWitness = read(cluster, cluster.node("w"));
        cluster.run(200 * MS);

        assertThat(cluster.outcome(atFollower)).isEqualTo(new Outcome.ReadReady(index));
        assertThat(cluster.outcome(atLearner)).isEqualTo(new Outcome.ReadReady(index));
        assertThat(cluster.outcome(atWitness)).isEqualTo(new Outcome.ReadReady(index));
        assertThat(cluster.node("b").status().state().appliedIndex()).isGreaterThanOrEqualTo(index);
    }

    @Test
    void aReadAtAFollowerSurvivesAChangeOfLeader() {
        Cluster cluster = Cluster.ofThree();
        cluster.node("a").crash();

        long read = read(cluster, cluster.node("b"));
        cluster.run(4 * ELECTION);

        assertThat(cluster.outcome(read)).isInstanceOf(Outcome.ReadReady.class);
    }

    @Test
    void aNewLeaderWaitsForAnEntryOfItsOwnTerm() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.MAJORITY);
        cluster.node("a").crash();
        cluster.dropped = sent -> sent.envelope().message() instanceof PeerMessage.AppendReply;
        cluster.runUntil(() -> cluster.leader() != null);

        long read = read(cluster, cluster.leader());
        cluster.run(300 * MS);
        assertThat(cluster.outcome(read)).isNull();
        cluster.heal();
        cluster.run(2 * ELECTION);

        assertThat(cluster.outcome(read))
                .isInstanceOfSatisfying(Outcome.ReadReady.class, ready -> assertThat(ready.index())
                        .isEqualTo(cluster.leader().status().commitIndex()));
    }

    @Test
    void aReadEndsAtItsDeadline() {
        Cluster cluster = Cluster.ofThree();
        cluster.isolate("b");
        long read = cluster.nextRequest();
        cluster.node("b").step(new Input.Read(read, cluster.now + 30 * MS));
        long late = cluster.nextRequest();
        cluster.node("b").step(new Input.Read(late, cluster.now));

        cluster.run(31 * MS);

        assertThat(cluster.outcome(read)).isEqualTo(new Outcome.Refused(Refusal.NO_QUORUM));
        assertThat(cluster.outcome(late)).isEqualTo(new Outcome.Refused(Refusal.DEADLINE));
    }

    @Test
    void aLostQuestionIsAskedAgain() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        long read = read(cluster, cluster.node("b"));
        cluster.take(is(PeerMessage.ReadIndex.class));

        cluster.run(300 * MS);

        assertThat(cluster.outcome(read)).isInstanceOf(Outcome.ReadReady.class);
    }

    private static long read(Cluster cluster, Node node) {
        long id = cluster.nextRequest();
        node.step(new Input.Read(id, Input.NO_DEADLINE));
        return id;
    }

    @Test
    void aLeaderWithoutAQuorumStepsDownAndRefusesWrites() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.isolate("a");
        cluster.run(ELECTION + Cluster.HEARTBEAT + 1);

        long write = cluster.append(a, message("x"), new WriteConcern.Count(1));

        assertThat(a.leads()).isFalse();
        assertThat(a.status().writable()).isFalse();
        assertThat(cluster.outcome(write)).isInstanceOf(Outcome.Refused.class);
    }
}
