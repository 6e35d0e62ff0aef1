package io.replog.core.replica;

import static io.replog.core.replica.Cluster.ELECTION;
import static io.replog.core.replica.Cluster.is;
import static io.replog.core.replica.Cluster.member;
import static io.replog.core.replica.Cluster.message;
import static io.replog.core.replica.Cluster.to;
import static io.replog.core.replica.Cluster.voter;
import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.protocol.PeerMessage.AppendEntries;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ReplicationTest {
    private static final Predicate<Cluster.Sent> APPENDS_TO_B = to("b").and(is(AppendEntries.class));

    private final Cluster cluster = Cluster.ofThree();

    @Test
    void whatComesWhileABatchIsOnItsWayTravelsTogetherBehindItsAcknowledgement() {
        append("one");
        List<Cluster.Sent> first = cluster.take(APPENDS_TO_B);
        append("two");
        append("three");
        assertThat(entries(first)).containsExactly(1);
        assertThat(cluster.take(APPENDS_TO_B)).isEmpty();

        cluster.node("b").step(new Input.Received(first.getFirst().envelope()));
        cluster.deliverUntil(APPENDS_TO_B);

        assertThat(entries(cluster.take(APPENDS_TO_B))).containsExactly(2);
    }

    @Test
    void aPeerThatIsSlowToAnswerStillHasSeveralBatchesOnTheWay() {
        append("one");
        append("two");
        assertThat(cluster.take(APPENDS_TO_B)).hasSize(1);

        cluster.now = cluster.leader().replica.nextDeadline();
        cluster.leader().step(new Input.Tick());

        assertThat(entries(cluster.take(APPENDS_TO_B))).containsExactly(1);
        assertThat(cluster.leader().replica.nextDeadline()).isGreaterThan(cluster.now);
    }

    @Test
    void aWaitForAnAcknowledgementIsShort() {
        append("one");
        append("two");

        assertThat(cluster.leader().replica.nextDeadline()).isBetween(cluster.now, cluster.now + Cluster.BATCH_WAIT);
    }

    @Test
    void aLargeBatchWaitsForNothing() {
        append("one");
        append("x".repeat(100_000));

        assertThat(entries(cluster.take(APPENDS_TO_B))).containsExactly(1, 1);
    }

    @Test
    void aWitnessIsNotAheadOfABackupThatKeepsUp() {
        Cluster pair = Cluster.started(voter("a"), voter("b"), member("w", MemberKind.WITNESS));
        pair.write("on both", WriteConcern.ALL);
        pair.dropped = APPENDS_TO_B;
        Outcome stored = pair.write("on the leader alone", new WriteConcern.Count(1));
        pair.node("a").crash();
        pair.dropped = _ -> false;
        pair.run(5 * ELECTION);

        assertThat(stored).isInstanceOf(Outcome.Acknowledged.class);
        assertThat(pair.leader().id).isEqualTo(new NodeId("b"));
        assertThat(pair.write("goes on", WriteConcern.MAJORITY)).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void aWitnessTakesThePlaceOfABackupThatFallsBehind() {
        Cluster pair = Cluster.started(voter("a"), voter("b"), member("w", MemberKind.WITNESS));
        pair.dropped = APPENDS_TO_B;
        long request = pair.append(pair.leader(), message("waits for two heartbeats"), WriteConcern.MAJORITY);
        pair.run(ELECTION);

        assertThat(pair.outcome(request)).isInstanceOf(Outcome.Acknowledged.class);
    }

    private void append(String text) {
        cluster.append(cluster.leader(), message(text), WriteConcern.ALL);
    }

    private static List<Integer> entries(List<Cluster.Sent> appends) {
        return appends.stream()
                .map(sent ->
                        ((AppendEntries) sent.envelope().message()).entries().size())
                .toList();
    }
}
