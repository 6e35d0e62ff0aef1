package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.key;
import static io.replog.core.replica.Cluster.member;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.put;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryType;
import io.replog.core.log.RequestKey;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Cluster.Node;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the writer is told: acknowledged, refused, unknown. */
class WritesTest {
    private static final WriteConcern ONE = new WriteConcern.Count(1);
    private static final WriteConcern TWO = new WriteConcern.Count(2);
    private static final WriteConcern THREE = new WriteConcern.Count(3);

    @Test
    void eachWriteConcernIsMetByAsManyMembersAsItSays() {
        Cluster cluster = Cluster.ofThree();
        cluster.node("c").crash();
        Node a = cluster.node("a");

        long one = cluster.append(a, message("1"), ONE);
        long two = cluster.append(a, message("2"), TWO);
        long majority = cluster.append(a, message("m"), WriteConcern.MAJORITY);
        long three = cluster.append(a, message("3"), THREE);
        long all = cluster.append(a, message("all"), WriteConcern.ALL);
        cluster.run(100 * MS);

        assertThat(List.of(one, two, majority))
                .allSatisfy(id -> assertThat(cluster.outcome(id)).isInstanceOf(Outcome.Acknowledged.class));
        assertThat(cluster.outcome(three)).isNull();
        assertThat(cluster.outcome(all)).isNull();
        cluster.node("c").start();
        cluster.run(ELECTION);
        assertThat(List.of(three, all))
                .allSatisfy(id -> assertThat(cluster.outcome(id)).isInstanceOf(Outcome.Acknowledged.class));
    }

    @Test
    void wOfOneDoesNotWaitForTheCommit() {
        Cluster cluster = Cluster.ofThree();
        cluster.isolate("a");

        long one = cluster.append(cluster.node("a"), message("1"), ONE);
        cluster.deliver();

        assertThat(cluster.outcome(one)).isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> {
            assertThat(acknowledged.placement().committed()).isFalse();
            assertThat(acknowledged.placement().acks()).hasSize(1);
            assertThat(acknowledged.placement().missing()).hasSize(2);
        });
    }

    @Test
    void aWitnessCountsForTheCommitAndNeverTowardW() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), member("w", MemberKind.WITNESS));
        cluster.node("b").crash();
        cluster.run(ELECTION);

        Outcome majority = cluster.write("m", WriteConcern.MAJORITY);
        long two = cluster.append(cluster.leader(), message("2"), TWO);
        long three = cluster.append(cluster.leader(), message("3"), THREE);
        cluster.run(ELECTION);

        assertThat(majority).isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(
                        acknowledged.placement().acks())
                .containsExactly(cluster.node("a").id));
        assertThat(cluster.outcome(two)).isNull();
        assertThat(cluster.outcome(three)).isEqualTo(new Outcome.Refused(Refusal.WRITE_CONCERN));
        assertThat(cluster.node("w").disk)
                .filteredOn(entry -> entry.type() == EntryType.MESSAGES)
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.isOmitted()).isTrue());
    }

    @Test
    void withAWitnessAnyOneOfThreeMayBeDown() {
        for (String down : List.of("a", "b", "w")) {
            Cluster cluster = Cluster.started(voter("a"), voter("b"), member("w", MemberKind.WITNESS));
            cluster.write("before", WriteConcern.ALL);
            cluster.node(down).crash();
            cluster.run(5 * ELECTION);

            Outcome outcome = cluster.write("after", WriteConcern.MAJORITY);

            assertThat(outcome).as("down: %s", down).isInstanceOf(Outcome.Acknowledged.class);
            assertThat(cluster.node("w").leads()).isFalse();
        }
    }

    @Test
    void aLearnerCountsTowardWAndNotForTheCommit() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), voter("c"), member("l", MemberKind.LEARNER));
        cluster.isolate("b", "c");

        long two = cluster.append(cluster.node("a"), message("2"), TWO);
        cluster.run(100 * MS);
        assertThat(cluster.outcome(two)).isNull();
        cluster.heal();
        cluster.run(ELECTION);

        assertThat(cluster.outcome(two)).isInstanceOf(Outcome.Acknowledged.class);
        assertThat(cluster.write("all", WriteConcern.ALL))
                .isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(
                                acknowledged.placement().acks())
                        .hasSize(4));
        assertThat(cluster.node("l").status().role()).isEqualTo(Role.LEARNER);
    }

    @Test
    void aDeadlineBeforeTheAppendIsARefusalAndAfterItUnknown() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        long last = a.status().lastIndex();

        long early = cluster.append(a, message("early"), ONE, cluster.now);
        assertThat(cluster.outcome(early)).isEqualTo(new Outcome.Refused(Refusal.DEADLINE));
        assertThat(a.status().lastIndex()).isEqualTo(last);
        cluster.node("c").crash();
        long late = cluster.append(a, message("late"), WriteConcern.ALL, cluster.now + 50 * MS);
        cluster.run(49 * MS);
        assertThat(cluster.outcome(late)).isNull();
        cluster.run(2 * MS);

        assertThat(cluster.outcome(late)).isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> {
            assertThat(unknown.cause()).isEqualTo(Outcome.Unknown.Cause.DEADLINE);
            assertThat(unknown.placement().acks()).hasSize(2);
            assertThat(unknown.placement().committed()).isTrue();
        });
    }

    @Test
    void aRepeatIsAnsweredWithTheFirstPlace() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        long first = cluster.append(a, message(key("k"), "one"), WriteConcern.ALL);
        cluster.deliver();
        long repeat = cluster.append(a, message(key("k"), "one"), WriteConcern.ALL);
        cluster.deliver();

        assertThat(placement(cluster, repeat)).isEqualTo(placement(cluster, first));
        assertThat(((Outcome.Acknowledged) cluster.outcome(repeat)).replayed()).isTrue();
        assertThat(a.disk.getLast().lastId()).isEqualTo(1);
    }

    @Test
    void aRepeatJoinsTheWaitOfTheFirstWithItsOwnW() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.node("c").crash();
        long first = cluster.append(a, message(key("k"), "one"), WriteConcern.ALL);
        long sameStep = cluster.append(a, message(key("k"), "one"), WriteConcern.MAJORITY);
        cluster.run(100 * MS);

        assertThat(cluster.outcome(first)).isNull();
        assertThat(cluster.outcome(sameStep))
                .isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(acknowledged.replayed())
                        .isTrue());
        assertThat(a.disk.getLast().lastId()).isEqualTo(1);
    }

    @Test
    void aRepeatIsRecognisedByTheNextLeader() {
        Cluster cluster = Cluster.ofThree();
        cluster.append(cluster.node("a"), message(key("k"), "one"), WriteConcern.ALL);
        cluster.append(cluster.node("a"), put(key("p"), "x", "1"), WriteConcern.ALL);
        cluster.deliver();
        cluster.node("a").crash();
        cluster.runUntil(() -> cluster.leader() != null);
        cluster.run(ELECTION);

        long repeat = cluster.append(cluster.leader(), message(key("k"), "one"), WriteConcern.MAJORITY);
        long command = cluster.append(cluster.leader(), put(key("p"), "x", "1"), WriteConcern.MAJORITY);
        cluster.deliver();

        assertThat(placement(cluster, repeat).firstId()).isEqualTo(1);
        assertThat(cluster.outcome(command)).isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> {
            assertThat(acknowledged.replayed()).isTrue();
            assertThat(acknowledged.kv()).isInstanceOf(KvResult.Applied.class);
        });
    }

    @Test
    void aRepeatAtANewLeaderNamesAsManyMembersAsItsWriteConcernAsksFor() {
        // given a new leader that knows that the entry is committed, and has not yet heard who holds it
        Cluster cluster = Cluster.ofThree();
        cluster.append(cluster.node("a"), message(key("k"), "one"), WriteConcern.ALL);
        cluster.run(100 * MS);
        cluster.node("a").crash();
        cluster.dropped = Cluster.is(PeerMessage.AppendReply.class);
        cluster.runUntil(() -> cluster.leader() != null);

        // when
        long repeat = cluster.append(cluster.leader(), message(key("k"), "one"), WriteConcern.MAJORITY);
        cluster.deliver();

        // then
        assertThat(cluster.outcome(repeat)).isNull();

        // when
        cluster.heal();
        cluster.run(2 * ELECTION);

        // then
        assertThat(placement(cluster, repeat).acks()).hasSize(2);
    }

    @Test
    void aRepeatOfAnEntryThatIsNotCommittedYetWaitsForItAtTheNextLeader() {
        Cluster cluster = Cluster.ofThree();
        cluster.node("c").crash();
        cluster.node("b").flushes = false;
        cluster.append(cluster.node("a"), put(key("k"), "x", "1"), WriteConcern.MAJORITY);
        cluster.deliver();
        cluster.node("b").flushes = true;
        cluster.node("b").flush();
        cluster.node("a").crash();
        cluster.node("c").start();
        cluster.runUntil(() -> cluster.leader() != null);

        long repeat = cluster.append(cluster.leader(), put(key("k"), "x", "1"), WriteConcern.MAJORITY);
        cluster.run(ELECTION);

        assertThat(cluster.leader().id).isEqualTo(cluster.node("b").id);
        assertThat(cluster.outcome(repeat))
                .isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(acknowledged.replayed())
                        .isTrue());
        assertThat(cluster.leader().disk)
                .filteredOn(entry -> entry.type() == EntryType.COMMAND)
                .hasSize(1);
    }

    @Test
    void anEntryThatWasCutOffMayBeWrittenAgain() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.isolate("a");
        cluster.append(a, message(key("k"), "one"), WriteConcern.MAJORITY);
        cluster.runUntil(() -> cluster.leader() != null && cluster.leader() != a);
        cluster.heal();
        cluster.run(3 * ELECTION);
        cluster.node("b").crash();
        cluster.node("c").crash();
        cluster.node("b").start();
        cluster.runUntil(() -> cluster.leader() != null);

        long again = cluster.append(cluster.leader(), message(key("k"), "one"), WriteConcern.MAJORITY);
        cluster.run(ELECTION);

        assertThat(cluster.outcome(again))
                .isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(acknowledged.replayed())
                        .isFalse());
    }

    @Test
    void aKeyWithAnotherContentAndAnOldSequenceAreRefused() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.append(a, message(new RequestKey.Idempotency("k", 1), "one"), ONE);
        cluster.append(a, message(new RequestKey.ClientSequence("client", 5, 1), "two"), ONE);

        long reused = cluster.append(a, message(new RequestKey.Idempotency("k", 2), "other"), ONE);
        long old = cluster.append(a, message(new RequestKey.ClientSequence("client", 4, 1), "two"), ONE);

        assertThat(cluster.outcome(reused)).isEqualTo(new Outcome.Refused(Refusal.KEY_REUSED));
        assertThat(cluster.outcome(old)).isEqualTo(new Outcome.Refused(Refusal.SEQUENCE_TOO_OLD));
    }

    @Test
    void aCommandIsAnsweredWithItsResultWhenItIsApplied() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        long one = cluster.append(a, put(RequestKey.NONE, "x", "1"), ONE);
        assertThat(cluster.outcome(one)).isNull();
        cluster.deliver();

        assertThat(cluster.outcome(one))
                .isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(acknowledged.kv())
                        .isEqualTo(new KvResult.Applied(
                                "1", null, acknowledged.placement().index())));
    }

    @Test
    void aFollowerRefusesWrites() {
        Cluster cluster = Cluster.ofThree();

        long request = cluster.append(cluster.node("b"), message("one"), ONE);

        assertThat(cluster.outcome(request)).isEqualTo(new Outcome.Refused(Refusal.NOT_LEADER));
    }

    @Test
    void tooManyWaitingWritesAreRefused() {
        Cluster cluster = new Cluster(1, voter("a"), voter("b"), voter("c"));
        cluster.limits = new ReplicaConfig.Limits(1 << 20, 8, 8 << 20, 64 << 20, 1_000, 3, 1_000, 1 << 30);
        cluster.startAll();
        cluster.runUntil(() -> cluster.leader() != null);
        cluster.isolate("b", "c");
        Node a = cluster.leader();

        cluster.append(a, message("x".repeat(500)), WriteConcern.ALL);
        long bytes = cluster.append(a, message("x".repeat(500)), WriteConcern.ALL);
        assertThat(cluster.outcome(bytes)).isEqualTo(new Outcome.Refused(Refusal.OVERLOADED));
        cluster.append(a, message("y"), WriteConcern.ALL);
        cluster.append(a, message("y"), WriteConcern.ALL);
        long count = cluster.append(a, message("y"), WriteConcern.ALL);
        assertThat(cluster.outcome(count)).isEqualTo(new Outcome.Refused(Refusal.OVERLOADED));
    }

    @Test
    void acksOfAnOldEntryAreWaitedFor() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.node("c").crash();
        cluster.write("one", WriteConcern.MAJORITY);
        long index = a.status().lastIndex();

        long settled = cluster.nextRequest();
        a.step(new Input.AwaitAcks(settled, index, cluster.now + 100 * ELECTION));
        long impatient = cluster.nextRequest();
        a.step(new Input.AwaitAcks(impatient, index, cluster.now + 10 * MS));
        long nowhere = cluster.nextRequest();
        a.step(new Input.AwaitAcks(nowhere, index + 1, Input.NO_DEADLINE));
        cluster.run(20 * MS);

        assertThat(cluster.outcome(settled)).isNull();
        assertThat(((Outcome.Acks) cluster.outcome(impatient)).placement().missing())
                .containsExactly(cluster.node("c").id);
        assertThat(cluster.outcome(nowhere)).isEqualTo(new Outcome.Refused(Refusal.UNKNOWN_INDEX));
        cluster.node("c").start();
        cluster.run(ELECTION);
        assertThat(((Outcome.Acks) cluster.outcome(settled)).placement().acks()).hasSize(3);
    }

    @Test
    void anAsymmetricCutLeavesTheOldLeadersWritesUnknownOrKept() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.isolate("a");
        long all = cluster.append(a, message("x"), WriteConcern.ALL);
        cluster.run(5 * ELECTION);

        assertThat(cluster.outcome(all))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.cause())
                        .isEqualTo(Outcome.Unknown.Cause.LEADERSHIP_LOST));
        assertThat(a.leads()).isFalse();
        long refused = cluster.append(a, message("y"), ONE);
        assertThat(cluster.outcome(refused)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void anOldLeaderNamesItsSuccessorOnlyWhenThatHasForcedTheEntry() {
        // given: b has the entry, not on its disk, and is elected
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        Node b = cluster.node("b");
        b.flushes = false;
        long request = cluster.append(a, message("x"), THREE);
        cluster.deliver();
        cluster.dropped = sent -> sent.to().equals(a.id)
                || sent.envelope().from().equals(a.id)
                || (sent.to().equals(b.id) && sent.envelope().message() instanceof PeerMessage.PreVote);
        cluster.runUntil(b::leads);

        // when: the old leader, who knows that the entry is committed, hears of it
        cluster.heal();
        cluster.run(100 * MS);

        // then
        assertThat(a.status().leader()).isEqualTo(b.id);
        assertThat(cluster.outcome(request)).isNull();

        // when
        b.flushes = true;
        b.flush();
        cluster.runUntil(() -> cluster.outcome(request) != null);

        // then
        assertThat(placement(cluster, request).acks()).hasSize(3);
    }

    @Test
    void anOldLeaderDoesNotNameWhoLeftWithoutTheEntry() {
        // given: c never gets the entry, votes for b, and dies
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        Node b = cluster.node("b");
        Predicate<Cluster.Sent> entriesToC = sent -> sent.to().equals(cluster.node("c").id)
                && sent.envelope().message() instanceof PeerMessage.AppendEntries;
        cluster.dropped = entriesToC;
        long request = cluster.append(a, message("x"), WriteConcern.ALL);
        cluster.deliver();
        cluster.dropped = entriesToC.or(
                sent -> sent.to().equals(a.id) || sent.envelope().from().equals(a.id));
        cluster.runUntil(b::leads);
        cluster.node("c").crash();
        cluster.heal();
        cluster.run(100 * MS);

        // when
        long removal = cluster.nextRequest();
        b.step(new Input.RemoveMember(removal, new NodeId("c"), Input.NO_DEADLINE));
        cluster.run(5 * ELECTION);

        // then
        assertThat(cluster.outcome(removal)).isEqualTo(new Outcome.Done());
        assertThat(cluster.outcome(request)).isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(
                        unknown.placement().acks())
                .doesNotContain(new NodeId("c")));
    }

    private static Outcome.Placement placement(Cluster cluster, long request) {
        return ((Outcome.Acknowledged) cluster.outcome(request)).placement();
    }
}
