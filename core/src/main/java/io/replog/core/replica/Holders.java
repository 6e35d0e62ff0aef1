package io.replog.core.replica;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who holds the log up to where, among the members of a membership: the arithmetic behind commit and write concerns. The
 * numbers are set before each use; nothing is allocated after construction but answers that differ from the last one.
 */
final class Holders {
    private final Membership membership;
    private final long[] counted;
    private final long[] voters;
    private final long[] sorted;
    private final int votersCount;
    private long answeredMask = -1;
    private List<NodeId> acks = List.of();
    private List<NodeId> missing = List.of();

    Holders(Membership membership) {
        this.membership = membership;
        int size = membership.members().size();
        counted = new long[size];
        voters = new long[size];
        sorted = new long[size];
        votersCount = membership.voterCount();
    }

    Membership membership() {
        return membership;
    }

    /**
     * Says up to where a member holds the log.
     *
     * @param position of the member in the membership
     * @param holds    durably, as far as it counts for a write concern
     * @param votes    durably on the disk that the membership has for it, as far as it counts for a commit
     */
    void set(int position, long holds, long votes) {
        Member member = membership.members().get(position);
        counted[position] = member.kind().bearsData() ? holds : -1;
        voters[position] = member.kind().votes() ? votes : -1;
    }

    /** Says that a member holds the log at least up to {@code index}. */
    void raise(int position, long index) {
        if (counted[position] >= 0) {
            counted[position] = Math.max(counted[position], index);
        }
    }

    /** The highest index that a majority of the voters holds (§3.5). */
    long committable() {
        return votersCount == 0 ? 0 : highestHeldBy(voters, votersCount / 2 + 1);
    }

    /** The highest index that {@code members} data-bearing members hold; 0 where there are not so many. */
    long heldBy(int members) {
        return highestHeldBy(counted, members);
    }

    /** The highest index that all data-bearing members hold. */
    long heldByAll() {
        return highestHeldBy(counted, membership.dataBearingCount());
    }

    private long highestHeldBy(long[] indexes, int members) {
        int size = indexes.length;
        if (members < 1 || members > size) {
            return 0;
        }
        System.arraycopy(indexes, 0, sorted, 0, size);
        Arrays.sort(sorted);
        return Math.max(0, sorted[size - members]);
    }

    /** The data-bearing members that hold {@code index}, sorted by id. */
    List<NodeId> acks(long index) {
        answer(index);
        return acks;
    }

    /** The other data-bearing members. */
    List<NodeId> missing(long index) {
        answer(index);
        return missing;
    }

    private void answer(long index) {
        long mask = 0;
        for (int i = 0; i < counted.length; i++) {
            if (counted[i] >= index) {
                mask |= 1L << i;
            }
        }
        // Most answers name the same members as the one before: they share its lists.
        if (mask == answeredMask && counted.length < Long.SIZE - 1) {
            return;
        }
        List<NodeId> holding = new ArrayList<>();
        List<NodeId> lacking = new ArrayList<>();
        for (int i = 0; i < counted.length; i++) {
            if (counted[i] >= 0) {
                NodeId id = membership.members().get(i).id();
                (counted[i] >= index ? holding : lacking).add(id);
            }
        }
        acks = List.copyOf(holding);
        missing = List.copyOf(lacking);
        answeredMask = mask;
    }
}
