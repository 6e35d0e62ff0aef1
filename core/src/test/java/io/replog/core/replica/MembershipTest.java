package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.MS;
import static io.replog.core.replica.Cluster.member;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Cluster.Node;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Founding, changes of the membership, disks that come back empty, spares, and hand-over. */
class MembershipTest {
    // --- founding

    @Test
    void aClusterIsFoundedWithAMajorityAndTheOthersAreBoundWhenTheyCome() {
        Cluster cluster = new Cluster(1, voter("a"), voter("b"), voter("c"));
        cluster.node("a").start();
        cluster.run(5 * ELECTION);
        assertThat(cluster.node("a").status().leader()).isNull();
        cluster.node("b").start();
        cluster.run(2 * ELECTION);
        assertThat(cluster.node("a").leads()).isTrue();
        assertThat(memberAt(cluster, "c").incarnation()).isEqualTo(Member.UNBOUND);

        cluster.node("c").start();
        cluster.run(2 * ELECTION);

        assertThat(memberAt(cluster, "c").incarnation()).isEqualTo(cluster.node("c").incarnation);
        assertThat(cluster.write("one", WriteConcern.ALL)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void onlyTheFounderFounds() {
        Cluster cluster = new Cluster(1, voter("a"), voter("b"), voter("c"));
        cluster.node("b").start();
        cluster.node("c").start();

        cluster.run(10 * ELECTION);

        assertThat(cluster.leader()).isNull();
        assertThat(cluster.node("b").disk).isEmpty();
    }

    @Test
    void aBlankFounderJoinsWhereOthersHoldData() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        Node a = cluster.node("a");
        a.crash();
        a.wipe();
        a.start();

        cluster.run(6 * ELECTION);

        assertThat(cluster.leader()).isNotEqualTo(a);
        assertThat(FollowerAppendsTest.frames(a)).isEqualTo(FollowerAppendsTest.frames(cluster.leader()));
        assertThat(memberAt(cluster, "a").incarnation()).isEqualTo(a.incarnation);
        assertThat(a.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void aNodeWhoseLogWasSetAsideIsRefilledWhereOthersHoldTheData() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        Node a = cluster.node("a");
        a.crash();
        setAside(a);
        a.start();

        cluster.run(6 * ELECTION);

        assertThat(a.effects(Effect.DataLost.class)).isEmpty();
        assertThat(FollowerAppendsTest.frames(a)).isEqualTo(FollowerAppendsTest.frames(cluster.leader()));
        assertThat(a.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void aNodeWhoseLogWasSetAsideEndsWhereNobodyHasTheDataAndNobodyFoundsAnew() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        cluster.nodes.values().forEach(Node::crash);
        cluster.node("a").wipe();
        setAside(cluster.node("b"));
        cluster.node("c").wipe();
        cluster.node("a").start();
        cluster.node("b").start();
        cluster.run(ELECTION / 2);
        Node b = cluster.node("b");
        assertThat(b.effects(Effect.DataLost.class)).as("c was not asked").isEmpty();

        cluster.node("c").start();
        cluster.run(6 * ELECTION);

        assertThat(b.effects(Effect.DataLost.class).getFirst().reason())
                .contains("log of b was damaged")
                .contains("[a, c] hold nothing");
        assertThat(cluster.node("a").disk).isEmpty();
        assertThat(cluster.node("c").disk).isEmpty();
    }

    @Test
    void aNodeWhoseLogWasSetAsideJoinsNoOtherCluster() {
        Cluster cluster = new Cluster(7, voter("a"), voter("b"), voter("c"));
        Node b = cluster.node("b");
        b.hardState = new HardState(new ClusterId(1, 2), b.incarnation, 0, null);
        b.setAside = true;
        cluster.node("a").start();
        cluster.node("c").start();
        cluster.runUntil(() -> cluster.leader() != null);

        b.start();
        cluster.run(6 * ELECTION);

        assertThat(b.disk).isEmpty();
        assertThat(b.status().stranded()).contains("belongs to cluster");
    }

    /** As a disk whose log was damaged comes back. */
    private static void setAside(Node node) {
        ClusterId cluster = node.hardState.cluster();
        node.wipe();
        node.hardState = new HardState(cluster, node.incarnation, 0, null);
        node.setAside = true;
    }

    // --- fixed leader

    @Test
    void aFixedLeaderGoesOnAloneAndRefillsItsBackup() {
        Cluster cluster = fixed();
        cluster.startAll();
        cluster.runUntil(() -> cluster.leader() != null);
        cluster.run(ELECTION);
        assertThat(cluster.write("one", WriteConcern.ALL)).isInstanceOf(Outcome.Acknowledged.class);
        cluster.node("b").crash();
        cluster.run(10 * ELECTION);
        assertThat(cluster.write("two", WriteConcern.MAJORITY)).isInstanceOf(Outcome.Acknowledged.class);

        cluster.node("b").wipe();
        cluster.node("b").start();
        cluster.run(ELECTION);

        assertThat(FollowerAppendsTest.frames(cluster.node("b")))
                .isEqualTo(FollowerAppendsTest.frames(cluster.node("a")));
        cluster.node("a").crash();
        cluster.run(10 * ELECTION);
        assertThat(cluster.leader()).isNull();
        cluster.node("a").start();
        cluster.run(10 * MS);
        assertThat(cluster.node("a").leads()).isTrue();
    }

    @Test
    void aBlankFixedLeaderIsStrandedWhereOthersHoldData() {
        Cluster cluster = fixed();
        cluster.startAll();
        cluster.runUntil(() -> cluster.leader() != null);
        cluster.write("one", WriteConcern.ALL);
        cluster.run(ELECTION);
        List<String> before = FollowerAppendsTest.frames(cluster.node("b"));
        cluster.node("a").crash();
        cluster.node("a").wipe();
        cluster.node("a").start();

        cluster.run(10 * ELECTION);

        assertThat(cluster.node("a").status().stranded()).contains("b holds data of cluster");
        assertThat(cluster.node("a").disk).isEmpty();
        assertThat(FollowerAppendsTest.frames(cluster.node("b"))).isEqualTo(before);
    }

    private static Cluster fixed() {
        Cluster cluster = new Cluster(3, voter("a"), member("b", MemberKind.LEARNER));
        cluster.nodes.values().forEach(node -> node.fixedLeader = true);
        return cluster;
    }

    // --- disks that come back empty

    @Test
    void aBlankVoterIsRefilledAndBoundAgain() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        Node c = cluster.node("c");
        c.crash();
        c.wipe();
        cluster.write("two", WriteConcern.MAJORITY);
        c.start();

        cluster.run(2 * ELECTION);

        assertThat(memberAt(cluster, "c").incarnation()).isEqualTo(c.incarnation);
        assertThat(FollowerAppendsTest.frames(c)).isEqualTo(FollowerAppendsTest.frames(cluster.leader()));
        assertThat(c.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(cluster.write("three", WriteConcern.ALL)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void aBlankVoterIsRefilledByALeaderThatItsSettingsDoNotName() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        Membership founding = cluster.configured;
        Node d = join(cluster, "d");
        add(cluster, voter("d"));
        cluster.run(2 * ELECTION);
        cluster.leader().step(new Input.TransferLeadership(cluster.nextRequest(), d.id, Input.NO_DEADLINE));
        cluster.run(ELECTION);
        assertThat(cluster.leader()).isEqualTo(d);
        Node b = cluster.node("b");
        b.crash();
        b.wipe();
        cluster.configured = founding;
        b.start();

        cluster.run(6 * ELECTION);

        assertThat(b.effects(Effect.PeerRejected.class)).isEmpty();
        assertThat(FollowerAppendsTest.frames(b)).isEqualTo(FollowerAppendsTest.frames(d));
        assertThat(memberAt(cluster, "b").incarnation()).isEqualTo(b.incarnation);
    }

    @Test
    void aBlankVoterNeitherVotesNorCountsBeforeItIsBound() {
        // given: what c acknowledged is gone with its disk, and b never had it
        Cluster cluster = Cluster.ofThree();
        Node c = cluster.node("c");
        cluster.isolate("b");
        cluster.write("only on a and c", WriteConcern.MAJORITY);
        cluster.node("a").crash();
        c.crash();
        c.wipe();
        c.start();
        cluster.heal();

        cluster.run(20 * ELECTION);
        assertThat(cluster.leader()).isNull();
        cluster.node("a").start();
        cluster.run(5 * ELECTION);

        assertThat(cluster.leader().id).isEqualTo(new NodeId("a"));
        assertThat(FollowerAppendsTest.frames(c)).isEqualTo(FollowerAppendsTest.frames(cluster.node("a")));
    }

    @Test
    void aBlankWitnessIsBoundAgain() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), member("w", MemberKind.WITNESS));
        cluster.write("one", WriteConcern.ALL);
        Node w = cluster.node("w");
        w.crash();
        w.wipe();
        w.start();
        cluster.run(2 * ELECTION);
        cluster.node("b").crash();
        cluster.run(ELECTION);

        assertThat(memberAt(cluster, "w").incarnation()).isEqualTo(w.incarnation);
        assertThat(cluster.write("two", WriteConcern.MAJORITY)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void theNameOfAFormerVoterComesBackAsAWitnessOnABlankDisk() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        join(cluster, "d");
        // Behind the message, a membership that has the name as a voter's.
        add(cluster, member("d", MemberKind.LEARNER));
        cluster.run(ELECTION);
        long removed = remove(cluster, "c");
        cluster.run(ELECTION);
        Node c = cluster.node("c");
        c.crash();
        c.wipe();
        long added = add(cluster, member("c", MemberKind.WITNESS));
        c.start();
        cluster.run(2 * ELECTION);
        cluster.node("b").crash();
        cluster.run(ELECTION);

        assertThat(cluster.outcome(removed)).isEqualTo(new Outcome.Done());
        assertThat(cluster.outcome(added)).isEqualTo(new Outcome.Done());
        assertThat(memberAt(cluster, "c").incarnation()).isEqualTo(c.incarnation);
        assertThat(cluster.write("two", WriteConcern.MAJORITY)).isInstanceOf(Outcome.Acknowledged.class);
    }

    // --- changes

    @Test
    void aNewVoterComesInAsALearnerAndIsPromoted() {
        Cluster cluster = Cluster.ofThree();
        cluster.write("one", WriteConcern.ALL);
        cluster.leader().effects.clear();
        Node d = join(cluster, "d");
        long request = add(cluster, voter("d"));
        cluster.run(2 * ELECTION);

        assertThat(cluster.outcome(request)).isEqualTo(new Outcome.Done());
        assertThat(cluster.leader().effects(Effect.MembershipChanged.class))
                .extracting(
                        changed -> changed.membership().find(d.id).orElseThrow().kind())
                .containsExactly(MemberKind.LEARNER, MemberKind.VOTER);
        assertThat(cluster.write("two", WriteConcern.ALL))
                .isInstanceOfSatisfying(Outcome.Acknowledged.class, acknowledged -> assertThat(
                                acknowledged.placement().acks())
                        .hasSize(4));
    }

    @Test
    void oneChangeAtATime() {
        Cluster cluster = Cluster.ofThree();
        join(cluster, "d");
        long first = add(cluster, voter("d"));
        long second = add(cluster, voter("e"));

        assertThat(cluster.outcome(second)).isEqualTo(new Outcome.Refused(Refusal.CHANGE_IN_PROGRESS));
        cluster.run(2 * ELECTION);
        assertThat(cluster.outcome(first)).isEqualTo(new Outcome.Done());
    }

    @Test
    void aChangeIsCommittedBeforeTheNextIsAppended() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.leader();
        join(cluster, "d");
        cluster.dropped = sent -> sent.envelope().message() instanceof io.replog.core.protocol.PeerMessage.AppendReply
                && sent.to().equals(a.id);
        long request = add(cluster, voter("d"));
        cluster.run(ELECTION / 2);

        long entries = a.disk.stream()
                .filter(entry -> entry.type() == io.replog.core.log.EntryType.MEMBERSHIP)
                .count();
        assertThat(entries).isEqualTo(2);
        assertThat(cluster.outcome(request)).isNull();
    }

    @Test
    void aMemberIsRemovedAndGoesQuiet() {
        Cluster cluster = Cluster.ofThree();
        long request = remove(cluster, "c");
        cluster.run(5 * ELECTION);

        assertThat(cluster.outcome(request)).isEqualTo(new Outcome.Done());
        assertThat(cluster.leader().status().members()).hasSize(2);
        assertThat(cluster.leader().status().term()).isEqualTo(1);
        assertThat(cluster.node("c").status().role()).isEqualTo(Role.LEARNER);
        assertThat(cluster.write("two", WriteConcern.ALL)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void aLeaderThatIsRemovedHandsOverAndLeaves() {
        Cluster cluster = Cluster.ofThree();
        long request = remove(cluster, "a");
        cluster.run(3 * ELECTION);

        assertThat(cluster.outcome(request)).isEqualTo(new Outcome.Done());
        assertThat(cluster.leader().id).isNotEqualTo(new NodeId("a"));
        assertThat(cluster.leader().status().members()).hasSize(2);
        assertThat(cluster.write("two", WriteConcern.ALL)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void changesThatCannotBeAreRefused() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), member("w", MemberKind.WITNESS));

        long unknown = remove(cluster, "nobody");
        long fromWitness = add(cluster, voter("w"));
        cluster.node("b").crash();
        cluster.run(3 * ELECTION);
        long withoutMajority = remove(cluster, "w");
        long atFollower = cluster.nextRequest();
        cluster.node("w").step(new Input.RemoveMember(atFollower, new NodeId("b"), Input.NO_DEADLINE));

        assertThat(cluster.outcome(unknown)).isEqualTo(new Outcome.Refused(Refusal.UNKNOWN_MEMBER));
        assertThat(cluster.outcome(fromWitness)).isEqualTo(new Outcome.Refused(Refusal.CHANGE_NOT_ALLOWED));
        assertThat(cluster.outcome(withoutMajority)).isEqualTo(new Outcome.Refused(Refusal.MEMBER_NOT_READY));
        assertThat(cluster.outcome(atFollower)).isEqualTo(new Outcome.Refused(Refusal.NOT_LEADER));
        Cluster alone = Cluster.started(voter("a"), member("l", MemberKind.LEARNER));
        assertThat(alone.outcome(remove(alone, "a"))).isEqualTo(new Outcome.Refused(Refusal.CHANGE_NOT_ALLOWED));
    }

    @Test
    void aLearnerThatLagsUntilTheDeadlineIsNotMadeAVoter() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), voter("c"), member("l", MemberKind.LEARNER));
        cluster.node("l").flushes = false;
        cluster.write("one", WriteConcern.MAJORITY);
        cluster.run(ELECTION);
        long request = cluster.nextRequest();
        cluster.leader().step(new Input.AddMember(request, voter("l"), cluster.now + 2 * ELECTION));
        cluster.run(ELECTION);
        assertThat(cluster.outcome(request)).isNull();

        cluster.run(2 * ELECTION);

        assertThat(cluster.outcome(request)).isEqualTo(new Outcome.Refused(Refusal.MEMBER_NOT_READY));
        assertThat(memberAt(cluster, "l").kind()).isEqualTo(MemberKind.LEARNER);
    }

    @Test
    void kindsChangeBothWays() {
        Cluster cluster = Cluster.ofThree();
        long demoted = add(cluster, member("c", MemberKind.LEARNER));
        cluster.run(ELECTION);
        assertThat(cluster.outcome(demoted)).isEqualTo(new Outcome.Done());
        assertThat(cluster.node("c").status().role()).isEqualTo(Role.LEARNER);

        long promoted = add(cluster, voter("c"));
        cluster.run(ELECTION);

        assertThat(cluster.outcome(promoted)).isEqualTo(new Outcome.Done());
        assertThat(cluster.node("c").status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void aChangeThatIsCutOffIsUndone() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.isolate("a");
        long request = cluster.nextRequest();
        a.step(new Input.AddMember(request, member("d", MemberKind.LEARNER), Input.NO_DEADLINE));
        assertThat(a.status().members()).hasSize(4);
        cluster.runUntil(() -> cluster.leader() != null && cluster.leader() != a);
        cluster.heal();

        cluster.run(2 * ELECTION);

        assertThat(a.status().members()).hasSize(3);
        assertThat(cluster.outcome(request)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void theViewGrowsWithEachLeaderAndEachChange() {
        Cluster cluster = Cluster.ofThree();
        long before = cluster.leader().status().view();
        remove(cluster, "c");
        cluster.run(ELECTION);
        assertThat(cluster.leader().status().view()).isEqualTo(before + 1);
        cluster.write("x", WriteConcern.ALL);
        cluster.node("a").crash();
        cluster.node("a").start();
        cluster.runUntil(() -> cluster.leader() != null);
        assertThat(cluster.leader().status().view()).isEqualTo(before + 2);
    }

    // --- spares

    @Test
    void aSpareStepsInForADeadVoter() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), voter("c"), member("s", MemberKind.SPARE));
        cluster.write("one", WriteConcern.ALL);
        cluster.node("c").crash();
        cluster.run(4 * ELECTION);
        assertThat(memberAt(cluster, "s").kind()).isEqualTo(MemberKind.SPARE);

        cluster.run(5 * ELECTION);

        assertThat(memberAt(cluster, "s").kind()).isEqualTo(MemberKind.VOTER);
        assertThat(memberAt(cluster, "c").kind()).isEqualTo(MemberKind.SPARE);
        cluster.node("c").start();
        cluster.run(ELECTION);
        assertThat(cluster.write("two", WriteConcern.ALL)).isInstanceOf(Outcome.Acknowledged.class);
        cluster.node("b").crash();
        assertThat(cluster.write("three", WriteConcern.MAJORITY)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void aSpareThatWasMadeAVoterByHandTakesNobodysPlace() {
        Cluster cluster = Cluster.started(
                voter("a"), voter("b"), voter("c"), member("s", MemberKind.SPARE), member("t", MemberKind.SPARE));
        add(cluster, voter("s"));
        cluster.run(ELECTION);
        assertThat(memberAt(cluster, "s").kind()).isEqualTo(MemberKind.VOTER);

        cluster.node("c").crash();
        cluster.run(10 * ELECTION);

        assertThat(memberAt(cluster, "c").kind()).isEqualTo(MemberKind.SPARE);
        assertThat(memberAt(cluster, "t").kind()).isEqualTo(MemberKind.VOTER);
        assertThat(cluster.leader().status().members())
                .filteredOn(status -> status.member().kind().votes())
                .hasSize(4);
    }

    @Test
    void theNextLeaderKnowsForWhomASpareCame() {
        // given: the lead changes between the two changes
        Cluster cluster = Cluster.started(
                voter("a"), voter("b"), voter("c"), member("s", MemberKind.SPARE), member("t", MemberKind.SPARE));
        cluster.node("c").crash();
        cluster.runUntil(() -> cluster.node("s").status().members().stream()
                .anyMatch(status -> status.member().id().equals(new NodeId("s"))
                        && status.member().kind() == MemberKind.VOTER));
        assertThat(memberAt(cluster, "c").kind()).isEqualTo(MemberKind.VOTER);
        transfer(cluster, "b");
        cluster.run(50 * MS);
        assertThat(cluster.leader()).isEqualTo(cluster.node("b"));
        assertThat(memberAt(cluster, "c").kind()).isEqualTo(MemberKind.VOTER);

        // when
        cluster.run(10 * ELECTION);

        // then
        assertThat(memberAt(cluster, "c").kind()).isEqualTo(MemberKind.SPARE);
        assertThat(memberAt(cluster, "t").kind()).isEqualTo(MemberKind.SPARE);
    }

    @Test
    void aVoterThatDiesWhileItsNewDiskIsRefilledIsReplacedToo() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), voter("c"), member("s", MemberKind.SPARE));
        cluster.write("one", WriteConcern.ALL);
        Node c = cluster.node("c");
        c.crash();
        c.wipe();
        c.flushes = false;
        c.start();
        cluster.run(500 * MS);
        assertThat(memberAt(cluster, "c").incarnation()).isEqualTo(Member.UNBOUND);
        c.crash();

        cluster.run(8 * ELECTION);

        assertThat(memberAt(cluster, "s").kind()).isEqualTo(MemberKind.VOTER);
        assertThat(memberAt(cluster, "c").kind()).isEqualTo(MemberKind.SPARE);
    }

    @Test
    void aVoterThatWasNeverUpIsNotReplaced() {
        Cluster cluster = new Cluster(1, voter("a"), voter("b"), voter("c"), member("s", MemberKind.SPARE));
        cluster.startAll();
        cluster.node("c").crash();
        cluster.node("c").wipe();
        cluster.later.clear();
        cluster.run(20 * ELECTION);

        assertThat(cluster.leader()).isNotNull();
        assertThat(memberAt(cluster, "c").kind()).isEqualTo(MemberKind.VOTER);
        assertThat(memberAt(cluster, "s").kind()).isEqualTo(MemberKind.SPARE);
    }

    // --- hand-over

    @Test
    void theLeadIsHandedOverWithoutAFailedRequest() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        cluster.node("b").flushes = false;
        long waiting = cluster.append(a, message("waiting"), WriteConcern.ALL);
        cluster.deliver();
        long transfer = cluster.nextRequest();
        a.step(new Input.TransferLeadership(transfer, new NodeId("b"), Input.NO_DEADLINE));
        long held = cluster.append(a, message("held"), WriteConcern.ALL);
        cluster.run(50 * MS);
        assertThat(cluster.outcome(held)).isNull();
        assertThat(a.replica.heldBackBytes()).isEqualTo(message("held").frameBytes());
        cluster.node("b").flushes = true;
        cluster.node("b").flush();

        cluster.run(300 * MS);

        assertThat(cluster.leader().id).isEqualTo(new NodeId("b"));
        assertThat(cluster.outcome(transfer)).isEqualTo(new Outcome.Done());
        assertThat(cluster.outcome(waiting)).isInstanceOf(Outcome.Acknowledged.class);
        assertThat(cluster.outcome(held)).isEqualTo(new Outcome.Refused(Refusal.NOT_LEADER));
        assertThat(a.status().leader()).isEqualTo(new NodeId("b"));
        assertThat(a.replica.heldBackBytes()).isZero();
    }

    @Test
    void aHandOverThatComesToNothingTakesTheHeldWrites() {
        Cluster cluster = Cluster.ofThree();
        Node a = cluster.node("a");
        long transfer = cluster.nextRequest();
        a.step(new Input.TransferLeadership(transfer, new NodeId("b"), Input.NO_DEADLINE));
        cluster.node("b").crash();
        long held = cluster.append(a, message("held"), WriteConcern.MAJORITY);
        cluster.run(ELECTION + 100 * MS);

        assertThat(cluster.outcome(transfer)).isEqualTo(new Outcome.Refused(Refusal.MEMBER_NOT_READY));
        assertThat(cluster.outcome(held)).isInstanceOf(Outcome.Acknowledged.class);
        assertThat(a.leads()).isTrue();
    }

    @Test
    void theLeadGoesToNobodyWhoCannotTakeIt() {
        Cluster cluster = Cluster.started(voter("a"), voter("b"), voter("c"), member("l", MemberKind.LEARNER));
        cluster.node("c").crash();
        cluster.run(3 * ELECTION);

        assertThat(transfer(cluster, "c")).isEqualTo(new Outcome.Refused(Refusal.MEMBER_NOT_READY));
        assertThat(transfer(cluster, "l")).isEqualTo(new Outcome.Refused(Refusal.MEMBER_NOT_READY));
        assertThat(transfer(cluster, "x")).isEqualTo(new Outcome.Refused(Refusal.UNKNOWN_MEMBER));
        assertThat(transfer(cluster, "a")).isEqualTo(new Outcome.Done());
    }

    @Test
    void aNodeThatStopsHandsOverToTheBestAndOthersAnswerAtOnce() {
        Cluster cluster = Cluster.started(voter("a", 3), voter("b", 1), voter("c", 2));
        long atFollower = cluster.nextRequest();
        cluster.node("b").step(new Input.PrepareToStop(atFollower, Input.NO_DEADLINE));
        assertThat(cluster.outcome(atFollower)).isEqualTo(new Outcome.Done());

        long stop = cluster.nextRequest();
        cluster.leader().step(new Input.PrepareToStop(stop, Input.NO_DEADLINE));
        cluster.run(100 * MS);

        assertThat(cluster.leader().id).isEqualTo(new NodeId("c"));
        assertThat(cluster.outcome(stop)).isEqualTo(new Outcome.Done());
    }

    @Test
    void aReturningHigherPriorityTakesTheLeadBackAfterItCaughtUp() {
        Cluster cluster = Cluster.started(voter("a", 2), voter("b"), voter("c"));
        cluster.node("a").crash();
        cluster.runUntil(() -> cluster.leader() != null);
        cluster.write("while away", WriteConcern.MAJORITY);
        cluster.node("a").start();
        cluster.run(ELECTION);
        assertThat(cluster.leader().id).isNotEqualTo(new NodeId("a"));

        cluster.run(4 * ELECTION);

        assertThat(cluster.leader().id).isEqualTo(new NodeId("a"));
    }

    @Test
    void withEqualPrioritiesNobodyTakesTheLeadBack() {
        Cluster cluster = Cluster.ofThree();
        cluster.node("a").crash();
        cluster.runUntil(() -> cluster.leader() != null);
        Node leader = cluster.leader();
        cluster.node("a").start();

        cluster.run(20 * ELECTION);

        assertThat(cluster.leader()).isEqualTo(leader);
    }

    // --- health

    @Test
    void statusesGoFromHealthyToSuspectedToUnhealthyAndBack() {
        Cluster cluster = Cluster.ofThree();
        assertThat(health(cluster, "c")).isEqualTo(ReplicaStatus.Health.HEALTHY);
        cluster.node("c").crash();
        cluster.run(500 * MS);
        assertThat(health(cluster, "c")).isEqualTo(ReplicaStatus.Health.SUSPECTED);
        cluster.run(ELECTION);
        assertThat(health(cluster, "c")).isEqualTo(ReplicaStatus.Health.UNHEALTHY);

        cluster.node("c").start();
        cluster.run(300 * MS);

        assertThat(health(cluster, "c")).isEqualTo(ReplicaStatus.Health.HEALTHY);
    }

    @Test
    void theStatusIsTheSameObjectUntilSomethingChanges() {
        Cluster cluster = Cluster.ofThree();
        ReplicaStatus status = cluster.leader().status();

        assertThat(cluster.leader().status()).isSameAs(status);
        cluster.write("one", WriteConcern.ALL);
        assertThat(cluster.leader().status()).isNotSameAs(status);
    }

    private static ReplicaStatus.Health health(Cluster cluster, String id) {
        return cluster.leader().status().members().stream()
                .filter(status -> status.member().id().equals(new NodeId(id)))
                .findFirst()
                .orElseThrow()
                .health();
    }

    private static Member memberAt(Cluster cluster, String id) {
        return Objects.requireNonNull(cluster.leader()).status().members().stream()
                .map(ReplicaStatus.MemberStatus::member)
                .filter(member -> member.id().equals(new NodeId(id)))
                .findFirst()
                .orElseThrow();
    }

    private static Outcome transfer(Cluster cluster, String id) {
        long request = cluster.nextRequest();
        cluster.leader().step(new Input.TransferLeadership(request, new NodeId(id), Input.NO_DEADLINE));
        return cluster.outcome(request);
    }

    private static long add(Cluster cluster, Member member) {
        long request = cluster.nextRequest();
        cluster.leader().step(new Input.AddMember(request, member, Input.NO_DEADLINE));
        return request;
    }

    private static long remove(Cluster cluster, String id) {
        long request = cluster.nextRequest();
        cluster.leader().step(new Input.RemoveMember(request, new NodeId(id), Input.NO_DEADLINE));
        return request;
    }

    /** Starts a node that is no member yet; its own settings name the cluster's nodes and itself. */
    private static Node join(Cluster cluster, String id) {
        cluster.configured = cluster.configured.with(voter(id));
        Node node = cluster.new Node(new NodeId(id));
        cluster.nodes.put(node.id, node);
        node.start();
        return node;
    }
}
