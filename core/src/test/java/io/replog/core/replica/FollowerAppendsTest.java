package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.is;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.to;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.log.LogEntry;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.protocol.PeerMessage.AppendEntries;
import io.replog.core.protocol.PeerMessage.AppendReply;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Cluster.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class FollowerAppendsTest {
    private static final WriteConcern ONE = new WriteConcern.Count(1);

    @Test
    void itAcknowledgesOnlyWhatIsDurable() {
        Cluster cluster = Cluster.ofThree();
        cluster.node("b").flushes = false;
        cluster.node("c").crash();

        long request = cluster.append(cluster.leader(), message("one"), WriteConcern.MAJORITY);
        cluster.deliver();
        assertThat(cluster.outcome(request)).isNull();
        cluster.node("b").flush();
        cluster.deliver();

        assertThat(cluster.outcome(request)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void aFlushNoticeFromBeforeATruncationIsIgnored() {
        // given: a leader that is cut off and has an entry of its own on the way to its disk
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.isolate("a");
        a.flushes = false;
        cluster.append(a, message("cut off"), ONE);
        long term = a.status().term();
        long index = a.status().lastIndex();
        cluster.runUntil(() -> cluster.leader() != null && cluster.leader() != a);
        cluster.heal();

        // when: the next leader's entry takes the place, and only then the old notice comes
        cluster.runUntil(() -> !a.rolledBack.isEmpty());
        assertThat(a.status().lastIndex()).isGreaterThanOrEqualTo(index);
        assertThat(a.status().durableIndex()).isLessThan(index);
        a.step(new Input.LogFlushed(term, index));

        assertThat(a.status().durableIndex()).isLessThan(index);
        a.flush();
        cluster.deliver();
        assertThat(a.status().durableIndex()).isEqualTo(a.status().lastIndex());
    }

    @Test
    void aFlushNoticeOfAnOlderTermCountsWhereNothingWasCut() {
        Cluster cluster = Cluster.ofThree();
        Node b = cluster.node("b");
        b.flushes = false;
        cluster.append(cluster.leader(), message("one"), WriteConcern.MAJORITY);
        cluster.deliver();
        cluster.node("a").crash();
        cluster.runUntil(() -> cluster.leader() != null);

        b.flushes = true;
        b.flush();
        cluster.run(ELECTION);

        assertThat(b.status().durableIndex()).isEqualTo(b.status().lastIndex());
        assertThat(cluster.leader().status().commitIndex())
                .isEqualTo(cluster.leader().status().lastIndex());
    }

    @Test
    void whatALeaderCouldNotCommitIsCutOffAndReplaced() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.isolate("a");
        long lost = cluster.append(a, message("lost 1", "lost 2", "lost 3"), WriteConcern.MAJORITY);
        cluster.append(a, message("lost 4"), WriteConcern.MAJORITY);
        cluster.runUntil(() -> cluster.leader() != null && cluster.leader() != a);
        cluster.write("kept 1", WriteConcern.MAJORITY);
        cluster.write("kept 2", WriteConcern.MAJORITY);

        cluster.heal();
        cluster.run(2 * ELECTION);

        assertThat(frames(a)).isEqualTo(frames(cluster.leader()));
        assertThat(a.rolledBack).hasSize(2);
        assertThat(cluster.outcome(lost))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.cause())
                        .isEqualTo(Outcome.Unknown.Cause.LEADERSHIP_LOST));
        assertThat(cluster.leader().disk.getLast().lastId()).isEqualTo(2);
    }

    @Test
    void aConflictGoesBackByATermAtATime() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.isolate("a");
        for (int i = 0; i < 50; i++) {
            cluster.append(a, message("lost " + i), WriteConcern.MAJORITY);
        }
        cluster.runUntil(() -> cluster.leader() != null && cluster.leader() != a);
        for (int i = 0; i < 50; i++) {
            cluster.write("kept " + i, WriteConcern.MAJORITY);
        }
        Node leader = cluster.leader();
        leader.crash();
        leader.start();
        cluster.runUntil(() -> cluster.leader() != null && cluster.leader() != a);
        int[] refusals = {0};
        cluster.dropped = sent -> {
            if (sent.envelope().message() instanceof AppendReply reply && !reply.accepted()) {
                refusals[0]++;
            }
            return false;
        };

        cluster.run(2 * ELECTION);

        assertThat(frames(a)).isEqualTo(frames(cluster.leader()));
        assertThat(refusals[0]).isBetween(1, 2);
    }

    @Test
    void aGapIsAnsweredWithWhatIsExpected() {
        Cluster cluster = Cluster.ofThree();
        Node b = cluster.node("b");
        long last = b.status().lastIndex();

        b.step(fromLeader(
                cluster, new AppendEntries(last + 7, cluster.leader().status().term(), List.of(), 0, 0)));

        assertThat(cluster.take(is(AppendReply.class)))
                .singleElement()
                .extracting(sent -> sent.envelope().message())
                .isEqualTo(new AppendReply(false, last + 7, last, 0, last + 1));
    }

    @Test
    void entriesThatComeTwiceOrLateChangeNothing() {
        Cluster cluster = Cluster.ofThree();
        Node b = cluster.node("b");
        cluster.append(cluster.leader(), message("one"), ONE);
        cluster.append(cluster.leader(), message("two"), ONE);
        List<Cluster.Sent> appends = cluster.take(to("b").and(is(AppendEntries.class)));
        assertThat(appends).hasSize(2);
        for (int round = 0; round < 2; round++) {
            appends.forEach(sent -> b.step(new Input.Received(sent.envelope())));
            cluster.deliver();
        }
        b.step(new Input.Received(appends.getFirst().envelope()));
        cluster.deliver();

        assertThat(frames(b)).isEqualTo(frames(cluster.leader()));
        assertThat(b.effects(Effect.TruncateLog.class)).isEmpty();
    }

    @Test
    void anAcknowledgementThatWasLostIsAskedForAgain() {
        Cluster cluster = Cluster.ofThree();
        cluster.dropped = is(AppendReply.class);
        long request = cluster.append(cluster.leader(), message("one"), WriteConcern.ALL);
        cluster.run(10 * MS);
        cluster.heal();

        cluster.run(2 * ELECTION);

        assertThat(cluster.outcome(request)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void whatIsCommittedIsNeverCut() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        cluster.run(200 * MS);
        Node b = cluster.node("b");
        LogEntry first = cluster.leader().disk.getFirst();
        long term = b.status().term() + 1;
        LogEntry forged = io.replog.core.log.EntryCodec.frameControl(
                new io.replog.core.log.EntryHeader(2, 1, term, 0, 0, 0), new io.replog.core.log.Payload.NoOp(9));

        assertThatThrownBy(() -> b.step(new Input.Received(new PeerEnvelope(
                        b.hardState.cluster(),
                        new NodeId("c"),
                        1,
                        term,
                        new AppendEntries(first.lastIndex(), first.term(), List.of(forged), 0, 0)))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("committed");
    }

    @Test
    void aFullDiskTakesTheLogBackToWhatIsStoredAndGoesOnLater() {
        Cluster cluster = Cluster.ofThree();
        Node b = cluster.node("b");
        b.diskFull = true;
        cluster.write("one", WriteConcern.MAJORITY);
        cluster.write("two", WriteConcern.MAJORITY);
        assertThat(b.status().lastIndex()).isEqualTo(b.status().durableIndex());
        assertThat(b.status().lastIndex()).isLessThan(cluster.leader().status().lastIndex());

        b.diskFull = false;
        cluster.run(5 * ELECTION);

        assertThat(frames(b)).isEqualTo(frames(cluster.leader()));
        assertThat(cluster.write("three", WriteConcern.ALL)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void aVoterIsCatchingUpUntilItHasItsVote() {
        // given two of three that found the cluster
        Cluster cluster = new Cluster(7, voter("a"), voter("b"), voter("c"));
        cluster.node("a").start();
        cluster.node("b").start();
        cluster.runUntil(() -> cluster.leader() != null);
        cluster.run(500 * MS);
        long founded = cluster.leader().status().commitIndex();
        Node c = cluster.node("c");

        // when the third one holds all that is committed, but the membership with its disk is lost on the way
        cluster.dropped = sent -> sent.to().equals(c.id)
                && sent.envelope().message() instanceof AppendEntries append
                && append.entries().stream().anyMatch(entry -> entry.lastIndex() > founded);
        c.start();
        cluster.runUntil(() -> c.status().commitIndex() == founded);

        // then it cannot vote yet
        assertThat(c.status().catchingUp()).isTrue();

        // when the membership comes
        cluster.heal();
        cluster.runUntil(() -> !c.status().catchingUp());

        // then it takes the place of the first node that fails
        cluster.leader().crash();
        cluster.runUntil(() -> cluster.leader() != null);
    }

    @Test
    void aFollowerThatRestartsLearnsTheCommitIndexWithoutANewWrite() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        cluster.node("b").crash();
        cluster.node("b").start();
        assertThat(cluster.node("b").status().catchingUp()).isTrue();

        cluster.run(500 * MS);

        assertThat(cluster.node("b").status().commitIndex())
                .isEqualTo(cluster.leader().status().commitIndex());
        assertThat(cluster.node("b").status().catchingUp()).isFalse();
    }

    private static Input fromLeader(Cluster cluster, PeerMessage message) {
        Node leader = cluster.leader();
        return new Input.Received(new PeerEnvelope(
                leader.hardState.cluster(),
                leader.id,
                leader.incarnation,
                leader.status().term(),
                message));
    }

    static List<String> frames(Node node) {
        return node.disk.stream().map(entry -> entry + " " + entry.crc()).toList();
    }
}
