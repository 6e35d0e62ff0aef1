package io.replog.core.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CommitmentTest {
    private static final List<MemberKind> ALL_KINDS = List.of(MemberKind.values());

    private final Random random = new Random(1);

    @Test
    void majorityIndexOfSomeVoters() {
        assertThat(Commitment.majorityIndex()).isZero();
        assertThat(Commitment.majorityIndex(7)).isEqualTo(7);
        assertThat(Commitment.majorityIndex(7, 5)).isEqualTo(5);
        assertThat(Commitment.majorityIndex(7, 5, 0)).isEqualTo(5);
        assertThat(Commitment.majorityIndex(9, 1, 7, 5)).isEqualTo(5);
    }

    @Test
    void majorityIndexAgreesWithCounting() {
        for (int i = 0; i < 10_000; i++) {
            long[] match = random.longs(1 + random.nextInt(9), 0, 12).toArray();
            long[] before = match.clone();

            long naive = LongStream.rangeClosed(0, 12)
                    .filter(index ->
                            Arrays.stream(match).filter(m -> m >= index).count() * 2 > match.length)
                    .max()
                    .orElseThrow();

            assertThat(Commitment.majorityIndex(match)).isEqualTo(naive);
            assertThat(match).isEqualTo(before);
        }
    }

    @Test
    void aWriteConcernIsMetAsTheContractSays() {
        for (int i = 0; i < 10_000; i++) {
            Membership membership = randomMembership();
            List<Member> data = membership.members().stream()
                    .filter(member -> member.kind().bearsData())
                    .toList();
            int acks = random.nextInt(data.size() + 1);
            boolean committed = random.nextBoolean();
            WriteConcern w =
                    switch (random.nextInt(3)) {
                        case 0 -> WriteConcern.ALL;
                        case 1 -> WriteConcern.MAJORITY;
                        default -> new WriteConcern.Count(1 + random.nextInt(5));
                    };

            long voters = membership.members().stream()
                    .filter(member -> member.kind() == MemberKind.VOTER || member.kind() == MemberKind.WITNESS)
                    .count();
            boolean promisesCommit =
                    switch (w) {
                        case WriteConcern.All _, WriteConcern.Majority _ -> true;
                        case WriteConcern.Count count -> count.members() * 2L > voters;
                    };
            boolean enough =
                    switch (w) {
                        case WriteConcern.All _ -> acks == data.size();
                        case WriteConcern.Majority _ -> true;
                        case WriteConcern.Count count -> acks >= count.members();
                    };
            boolean naive = enough && (committed || !promisesCommit);

            int resolved = Commitment.resolve(w, membership);
            assertThat(Commitment.isMet(w, membership.majority(), resolved, acks, committed))
                    .as("%s of %s with %s acks, committed %s", w, membership, acks, committed)
                    .isEqualTo(naive);
            assertThat(Commitment.isPossible(w, membership))
                    .isEqualTo(!(w instanceof WriteConcern.Count count) || count.members() <= data.size());
        }
    }

    @Test
    void resolvesToANumberOfDataBearingMembers() {
        Membership twoAndWitness =
                membership(List.of(MemberKind.VOTER, MemberKind.VOTER, MemberKind.WITNESS, MemberKind.LEARNER));
        Membership mostlyWitnesses = membership(List.of(MemberKind.VOTER, MemberKind.WITNESS, MemberKind.WITNESS));

        assertThat(Commitment.resolve(WriteConcern.MAJORITY, twoAndWitness)).isEqualTo(2);
        assertThat(Commitment.resolve(WriteConcern.ALL, twoAndWitness)).isEqualTo(3);
        assertThat(Commitment.resolve(new WriteConcern.Count(9), twoAndWitness)).isEqualTo(9);
        assertThat(Commitment.resolve(WriteConcern.MAJORITY, mostlyWitnesses)).isEqualTo(1);
    }

    private Membership randomMembership() {
        List<MemberKind> kinds = new ArrayList<>(List.of(MemberKind.VOTER));
        int others = random.nextInt(6);
        for (int i = 0; i < others; i++) {
            kinds.add(ALL_KINDS.get(random.nextInt(ALL_KINDS.size())));
        }
        return membership(kinds);
    }

    private static Membership membership(List<MemberKind> kinds) {
        List<Member> members = new ArrayList<>();
        for (MemberKind kind : kinds) {
            members.add(new Member(new NodeId("n" + members.size()), "http://n", kind, 1, 1));
        }
        return new Membership(members);
    }
}
