package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.is;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.to;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.protocol.PeerMessage.AppendEntries;
import io.replog.core.protocol.PeerMessage.AppendReply;
import io.replog.core.protocol.PeerMessage.Heartbeat;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Cluster.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitsTest {
    @Test
    void entriesOfAnEarlierTermAreNotCommittedByCounting() {
        // given (figure 3.7): an entry that its leader brought to a minority of five before it stopped
        Cluster cluster = Cluster.started(voter("a", 5), voter("b"), voter("c"), voter("d"), voter("e"));
        Node a = cluster.node("a");
        cluster.isolate("a", "b");
        cluster.append(a, message("old"), WriteConcern.MAJORITY);
        cluster.deliver();
        long old = a.status().lastIndex();
        long committed = a.status().commitIndex();
        cluster.node("b").crash();
        cluster.heal();
        a.crash();
        a.start();

        // when: it leads again in a later term, and its no-op does not get through but the old entry does
        cluster.dropped = sent -> sent.envelope().message() instanceof AppendEntries append
                && !append.entries().isEmpty()
                && append.entries().getLast().lastIndex() > old;
        cluster.runUntil(() -> a.leads());
        Replica leading = a.replica;
        for (String id : List.of("c", "d")) {
            cluster.network.clear();
            LogEntryBatch.send(cluster, a, id, committed, old);
            cluster.deliver();
        }

        // then: three of five hold the old entry, and it is still not committed
        assertThat(List.of("c", "d"))
                .allSatisfy(id ->
                        assertThat(cluster.node(id).status().durableIndex()).isEqualTo(old));
        assertThat(leading.status().commitIndex()).isEqualTo(committed);
        cluster.heal();
        cluster.run(ELECTION);
        assertThat(a.status().commitIndex()).isEqualTo(a.status().lastIndex()).isGreaterThan(old);
    }

    @Test
    void aLeaderCountsItselfOnlyAfterItsFlush() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        a.flushes = false;
        cluster.node("c").crash();

        long request = cluster.append(a, message("one"), WriteConcern.MAJORITY);
        cluster.deliver();
        assertThat(cluster.node("b").status().durableIndex())
                .isEqualTo(a.status().lastIndex());
        assertThat(cluster.outcome(request)).isNull();
        a.flush();
        cluster.deliver();

        assertThat(cluster.outcome(request)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void anAcknowledgementThatComesTwiceCountsOnce() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), voter("c"), voter("d"), voter("e"));
        Node a = cluster.node("a");
        long request = cluster.append(a, message("one"), new WriteConcern.Count(3));
        cluster.take(is(AppendEntries.class).and(to("b").negate()));
        List<Cluster.Sent> toB = cluster.take(to("b"));
        cluster.network.clear();
        toB.forEach(sent -> cluster.node("b").step(new Input.Received(sent.envelope())));
        while (!cluster.later.isEmpty()) {
            Cluster.Later event = cluster.later.remove();
            cluster.nodes.get(event.at()).step(event.input());
        }

        List<Cluster.Sent> replies = cluster.take(is(AppendReply.class));
        assertThat(replies).isNotEmpty();
        for (int i = 0; i < 5; i++) {
            replies.forEach(sent -> a.step(new Input.Received(sent.envelope())));
        }

        assertThat(cluster.outcome(request)).isNull();
        assertThat(a.status().commitIndex()).isLessThan(a.status().lastIndex());
    }

    @Test
    void followersHearOfACommitWithoutAnotherWrite() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        cluster.dropped = is(Heartbeat.class);

        cluster.run(10 * MS);

        assertThat(cluster.node("b").status().commitIndex())
                .isEqualTo(cluster.leader().status().commitIndex());
    }

    @Test
    void manyAppendsOfOneStepGoOutTogether() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        a.effects.clear();

        a.step(java.util.stream.IntStream.range(0, 100)
                .<Input>mapToObj(i ->
                        new Input.Append(cluster.nextRequest(), message("m" + i), WriteConcern.ALL, Input.NO_DEADLINE))
                .toList());

        assertThat(a.effects(Effect.AppendToLog.class)).singleElement().satisfies(append -> assertThat(append.entries())
                .hasSize(100));
        assertThat(cluster.take(is(AppendEntries.class))).hasSize(2);
    }

    @Test
    void theLeadersCrashBeforeItsFlushLosesNothingThatWasAcknowledged() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        a.flushes = false;
        cluster.append(a, message("one"), WriteConcern.MAJORITY);
        cluster.deliver();
        a.disk.removeLast();
        a.crash();
        a.flushes = true;
        a.start();

        cluster.runUntil(() -> cluster.leader() != null);
        cluster.run(ELECTION);

        assertThat(a.status().commitIndex()).isEqualTo(cluster.leader().status().commitIndex());
        assertThat(FollowerAppendsTest.frames(a)).isEqualTo(FollowerAppendsTest.frames(cluster.leader()));
    }

    /** Sends a follower the leader's entries in a range, as if a message had been cut there. */
    private static final class LogEntryBatch {
        static void send(Cluster cluster, Node leader, String to, long prevIndex, long lastIndex) {
            List<io.replog.core.log.LogEntry> entries = leader.disk.stream()
                    .filter(e -> e.firstIndex() > prevIndex && e.lastIndex() <= lastIndex)
                    .toList();
            long prevTerm = leader.disk.stream()
                    .filter(e -> e.lastIndex() == prevIndex)
                    .findFirst()
                    .orElseThrow()
                    .term();
            cluster.network.add(new Cluster.Sent(
                    new io.replog.core.quorum.NodeId(to),
                    new io.replog.core.protocol.PeerEnvelope(
                            leader.hardState.cluster(),
                            leader.id,
                            leader.incarnation,
                            leader.status().term(),
                            new AppendEntries(prevIndex, prevTerm, entries, 0, 0))));
        }
    }
}
