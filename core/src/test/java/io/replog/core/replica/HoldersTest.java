package io.replog.core.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Against a version of itself that asks for each index anew who holds it. */
class HoldersTest {
    private static final int LAST = 8;
    private static final List<MemberKind> KINDS = List.of(MemberKind.values());

    @Test
    void itAgreesWithCountingMembersIndexByIndex() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            Membership membership = membership(random);
            Holders holders = new Holders(membership);
            for (int use = 0; use < 3; use++) {
                check(random, membership, holders);
            }
        }
    }

    private static void check(Random random, Membership membership, Holders holders) {
        List<Member> members = membership.members();
        long[] holds = new long[members.size()];
        long[] votes = new long[members.size()];
        for (int at = 0; at < members.size(); at++) {
            holds[at] = random.nextInt(LAST + 1);
            votes[at] = random.nextInt(LAST + 1);
            holders.set(at, holds[at], votes[at]);
            if (random.nextInt(4) == 0) {
                long raised = random.nextInt(LAST + 1);
                holders.raise(at, raised);
                holds[at] = Math.max(holds[at], raised);
            }
        }

        assertThat(holders.committable())
                .isEqualTo(highest(index ->
                        2 * count(members, member -> member.kind().votes(), votes, index) > membership.voterCount()));
        for (int wanted = 1; wanted <= members.size() + 1; wanted++) {
            int least = wanted;
            assertThat(holders.heldBy(wanted))
                    .isEqualTo(highest(
                            index -> count(members, member -> member.kind().bearsData(), holds, index) >= least));
        }
        assertThat(holders.heldByAll())
                .isEqualTo(highest(index -> missing(members, holds, index).isEmpty()));
        for (long index = 1; index <= LAST; index++) {
            List<NodeId> missing = missing(members, holds, index);
            assertThat(holders.missing(index)).isEqualTo(missing);
            assertThat(holders.acks(index))
                    .isEqualTo(members.stream()
                            .filter(member -> member.kind().bearsData())
                            .map(Member::id)
                            .filter(id -> !missing.contains(id))
                            .toList());
        }
    }

    private static long highest(LongPredicate held) {
        return LongStream.rangeClosed(1, LAST).filter(held).max().orElse(0);
    }

    private static long count(List<Member> members, Predicate<Member> counts, long[] indexes, long index) {
        return IntStream.range(0, members.size())
                .filter(at -> counts.test(members.get(at)) && indexes[at] >= index)
                .count();
    }

    private static List<NodeId> missing(List<Member> members, long[] holds, long index) {
        return IntStream.range(0, members.size())
                .filter(at -> members.get(at).kind().bearsData() && holds[at] < index)
                .mapToObj(at -> members.get(at).id())
                .toList();
    }

    /** At least one voter with data, as every membership has. */
    private static Membership membership(Random random) {
        List<Member> members = new ArrayList<>();
        members.add(Cluster.voter("a"));
        int others = random.nextInt(6);
        for (int at = 0; at < others; at++) {
            MemberKind kind = KINDS.get(random.nextInt(KINDS.size()));
            members.add(Cluster.member(String.valueOf((char) ('b' + at)), kind));
        }
        return new Membership(members);
    }
}
