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
    void appendsThatComeTogetherTravelTogether() {
        Cluster.Node leader = cluster.leader();
        leader.step(List.of(input("one"), input("two")));

        assertThat(entries(cluster.take(APPENDS_TO_B))).containsExactly(2);
    }

    @Test
    void aPeerThatIsSlowToAnswerHasSeveralBatchesOnTheWay() {
        append("one");
        append("two");

        assertThat(entries(cluster.take(APPENDS_TO_B))).containsExactly(1, 1);
    }

    @Test
    void whatFindsAllPlacesOnTheWayTakenTravelsTogetherBehindAnAcknowledgement() {
        // given as many batches on the way as may be
        for (int i = 0; i < cluster.limits.inFlightBatches(); i++) {
            append("on the way");
        }
        List<Cluster.Sent> onTheWay = cluster.take(APPENDS_TO_B);
        assertThat(onTheWay).hasSize(cluster.limits.inFlightBatches());

        // when two more come
        append("waits");
        append("waits too");
        assertThat(cluster.take(APPENDS_TO_B)).isEmpty();

        // then they leave as one as soon as the oldest is acknowledged
        cluster.node("b").step(new Input.Received(onTheWay.getFirst().envelope()));
        cluster.deliverUntil(APPENDS_TO_B);
        assertThat(entries(cluster.take(APPENDS_TO_B))).containsExactly(2);
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
        cluster.leader().step(input(text));
    }

    private Input input(String text) {
        return new Input.Append(cluster.nextRequest(), message(text), WriteConcern.ALL, Input.NO_DEADLINE);
    }

    private static List<Integer> entries(List<Cluster.Sent> appends) {
        return appends.stream()
                .map(sent ->
                        ((AppendEntries) sent.envelope().message()).entries().size())
                .toList();
    }
}
