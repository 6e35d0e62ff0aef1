package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.is;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.protocol.ClusterId;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Cluster.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectionsTest {
    @Test
    void aNodeThatWasCutOffDoesNotDisturbTheLeader() {
        Cluster cluster = Cluster.ofThree();
        long term = cluster.leader().status().term();
        cluster.isolate("c");
        cluster.run(10 * ELECTION);
        assertThat(cluster.node("c").status().role()).isEqualTo(Role.CANDIDATE);

        cluster.heal();
        cluster.run(3 * ELECTION);

        assertThat(cluster.leader().id).isEqualTo(new NodeId("a"));
        assertThat(cluster.leader().status().term()).isEqualTo(term);
        assertThat(cluster.node("c").status().term()).isEqualTo(term);
        assertThat(cluster.node("c").status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void aCandidateThatIsAheadByATermIsElectedByVotersThatAreBehind() {
        Cluster cluster = Cluster.ofThree();
        cluster.node("a").crash();
        cluster.dropped = is(PeerMessage.RequestVote.class);
        cluster.run(10 * ELECTION);
        Node ahead =
                cluster.node("b").status().term() > cluster.node("c").status().term()
                        ? cluster.node("b")
                        : cluster.node("c");
        Node behind = ahead == cluster.node("b") ? cluster.node("c") : cluster.node("b");
        behind.crash();
        cluster.heal();
        cluster.run(5 * ELECTION);
        behind.hardState = new HardState(behind.hardState.cluster(), behind.incarnation, 1, null);
        behind.start();

        cluster.runUntil(() -> cluster.leader() != null);

        assertThat(ahead.status().term()).isGreaterThan(1);
    }

    @Test
    void aDeadFollowerCausesNoElection() {
        Cluster cluster = Cluster.ofThree();
        long term = cluster.leader().status().term();
        cluster.node("b").crash();

        cluster.run(10 * ELECTION);

        assertThat(cluster.leader().status().term()).isEqualTo(term);
    }

    @Test
    void aVoteIsSavedBeforeItIsAskedForOrGiven() {
        Cluster cluster = Cluster.ofThree();
        cluster.nodes.values().forEach(node -> node.effects.clear());
        cluster.node("a").crash();

        cluster.runUntil(() -> cluster.leader() != null);

        for (String id : List.of("b", "c")) {
            List<Effect> effects = cluster.node(id).effects;
            NodeId self = new NodeId(id);
            for (int i = 0; i < effects.size(); i++) {
                if (effects.get(i) instanceof Effect.Send send) {
                    HardState saved = cluster.node(id).hardState;
                    for (int j = 0; j < i; j++) {
                        if (effects.get(j) instanceof Effect.SaveHardState save) {
                            saved = save.state();
                        }
                    }
                    if (send.envelope().message() instanceof PeerMessage.RequestVote) {
                        assertThat(saved.votedFor()).isEqualTo(self);
                        assertThat(saved.term()).isEqualTo(send.envelope().term());
                    }
                    if (send.envelope().message() instanceof PeerMessage.Vote vote
                            && !vote.preVote()
                            && vote.granted()) {
                        assertThat(saved.votedFor()).isEqualTo(send.to());
                        assertThat(saved.term()).isEqualTo(vote.term());
                    }
                }
            }
        }
        assertThat(cluster.node("b").effects(Effect.SaveHardState.class)).isNotEmpty();
    }

    @Test
    void nobodyVotesTwiceInATermAcrossARestart() {
        Cluster cluster = Cluster.ofThree();
        Node c = cluster.node("c");
        cluster.node("a").crash();
        cluster.isolate("c");
        cluster.run(3 * ELECTION);
        long term = c.status().term() + 5;
        cluster.network.clear();
        long last = c.status().lastIndex();

        c.step(received(c, "b", term, new PeerMessage.RequestVote(last, term, c.incarnation, false)));
        assertThat(votes(cluster)).containsExactly(new PeerMessage.Vote(false, term, true));
        c.crash();
        c.start();
        c.step(received(c, "a", term, new PeerMessage.RequestVote(last, term, c.incarnation, false)));
        c.step(received(c, "b", term, new PeerMessage.RequestVote(last, term, c.incarnation, false)));

        assertThat(votes(cluster))
                .containsExactly(new PeerMessage.Vote(false, term, false), new PeerMessage.Vote(false, term, true));
    }

    @Test
    void aNodeWithAnotherDiskThanTheCandidateKnowsDoesNotVote() {
        Cluster cluster = Cluster.ofThree();
        Node c = cluster.node("c");
        cluster.isolate("c");
        cluster.run(3 * ELECTION);
        cluster.network.clear();

        c.step(received(c, "b", 50, new PeerMessage.RequestVote(99, 49, c.incarnation + 1, false)));

        assertThat(votes(cluster)).containsExactly(new PeerMessage.Vote(false, 50, false));
    }

    @Test
    void whoLacksCommittedEntriesIsNotElected() {
        Cluster cluster = Cluster.ofThree();
        cluster.isolate("c");
        cluster.write("one", WriteConcern.MAJORITY);
        cluster.node("a").crash();
        cluster.heal();

        cluster.runUntil(() -> cluster.leader() != null);

        assertThat(cluster.leader().id).isEqualTo(new NodeId("b"));
    }

    @Test
    void aVoteOfAnUnboundDiskIsNotCounted() {
        Cluster cluster = Cluster.ofThree();
        Node b = cluster.node("b");
        cluster.node("a").crash();
        cluster.node("c").crash();
        cluster.run(3 * ELECTION);
        assertThat(b.status().role()).isEqualTo(Role.CANDIDATE);

        b.step(new Input.Received(new PeerEnvelope(
                b.hardState.cluster(),
                new NodeId("c"),
                12345,
                b.status().term(),
                new PeerMessage.Vote(true, b.status().term() + 1, true))));

        assertThat(b.status().role()).isEqualTo(Role.CANDIDATE);
        assertThat(cluster.take(is(PeerMessage.RequestVote.class))).isEmpty();
    }

    @Test
    void theHighestPriorityCampaignsFirst() {
        for (int seed = 0; seed < 20; seed++) {
            Cluster cluster =
                    new Cluster(seed, voter("a", 5), voter("b", 1), voter("c", 3), voter("d", 2), voter("e", 4));
            cluster.startAll();
            cluster.runUntil(() -> cluster.leader() != null);
            cluster.run(ELECTION);
            cluster.node("a").crash();

            cluster.runUntil(() -> cluster.leader() != null);

            assertThat(cluster.leader().id).isEqualTo(new NodeId("e"));
        }
    }

    @Test
    void aNodeOfAnotherClusterIsRefusedAndToldOnce() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        PeerEnvelope foreign = new PeerEnvelope(
                new ClusterId(1, 2), new NodeId("c"), 5, 99, new PeerMessage.RequestVote(99, 99, a.incarnation, true));

        a.step(new Input.Received(foreign));
        a.step(new Input.Received(foreign));

        assertThat(a.status().term()).isLessThan(99);
        assertThat(a.leads()).isTrue();
        assertThat(a.status().stranded()).isNull();
        assertThat(a.effects(Effect.PeerRejected.class)).hasSize(1);
    }

    @Test
    void aNodeThatMeetsOnlyAnotherClusterIsStranded() {
        Cluster cluster = Cluster.ofThree();
        Node c = cluster.node("c");
        cluster.isolate("c");
        cluster.run(3 * ELECTION);

        c.step(new Input.Received(
                new PeerEnvelope(new ClusterId(1, 2), new NodeId("a"), 5, 99, new PeerMessage.Heartbeat(0, 0, 1))));

        assertThat(c.status().stranded()).contains("a belongs to cluster");
        assertThat(c.effects(Effect.Stranded.class)).hasSize(1);
    }

    @Test
    void aNodeOfAnotherClusterHearsWhyItIsRefused() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.network.clear();

        a.step(new Input.Received(new PeerEnvelope(
                new ClusterId(1, 2), new NodeId("c"), 5, 99, new PeerMessage.PreVote(100, 99, 99, a.incarnation))));

        assertThat(cluster.take(is(PeerMessage.HelloReply.class)))
                .singleElement()
                .satisfies(sent -> {
                    assertThat(sent.to()).isEqualTo(new NodeId("c"));
                    assertThat(sent.envelope().cluster()).isEqualTo(a.hardState.cluster());
                });
    }

    @Test
    void aNodeThatHearsOfAnotherClusterIsStrandedUntilItLeads() {
        Cluster cluster = Cluster.ofThree();
        Node b = cluster.node("b");
        cluster.node("c").crash();
        cluster.write("only b has it", WriteConcern.MAJORITY);
        cluster.node("a").crash();
        cluster.run(5 * ELECTION);

        b.step(new Input.Received(
                new PeerEnvelope(new ClusterId(1, 2), new NodeId("a"), 5, 99, new PeerMessage.HelloReply(7))));

        assertThat(b.status().stranded()).contains("a belongs to cluster");
        assertThat(b.effects(Effect.PeerRejected.class)).hasSize(1);

        cluster.node("c").start();
        cluster.runUntil(b::leads);
        assertThat(b.status().stranded()).isNull();
    }

    @Test
    void theWholeClusterRestartsWithAllItHeld() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        cluster.nodes.values().forEach(Node::crash);

        cluster.startAll();
        cluster.runUntil(() -> cluster.leader() != null);

        assertThat(cluster.append(cluster.leader(), message("two"), WriteConcern.ALL))
                .isPositive();
        cluster.run(ELECTION);
        assertThat(cluster.outcome(2)).isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(
                        acknowledged.placement().firstId())
                .isEqualTo(2));
    }

    private static Input received(Node at, String from, long term, PeerMessage message) {
        return new Input.Received(
                new PeerEnvelope(at.hardState.cluster(), new NodeId(from), Member.UNBOUND + 77, term, message));
    }

    private static List<PeerMessage> votes(Cluster cluster) {
        return cluster.take(is(PeerMessage.Vote.class)).stream()
                .map(sent -> sent.envelope().message())
                .toList();
    }

    @Test
    void aPausedLeaderThatWakesUpIsFenced() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        Replica paused = a.replica;
        a.replica = null;
        cluster.runUntil(() -> cluster.leader() != null);
        cluster.run(100 * MS);
        cluster.network.clear();

        a.replica = paused;
        long append = cluster.append(a, message("stale"), new WriteConcern.Count(1));
        cluster.run(ELECTION);

        assertThat(cluster.outcome(append)).isEqualTo(new Outcome.Refused(Refusal.NO_QUORUM));
        assertThat(a.leads()).isFalse();
    }
}
