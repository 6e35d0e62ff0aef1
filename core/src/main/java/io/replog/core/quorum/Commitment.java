package io.replog.core.quorum;

import java.util.Arrays;

/** The arithmetic of majorities and write concerns. Pure functions. */
public final class Commitment {
    private Commitment() {}

    /**
     * The highest index that a majority of the voters hold. Whether it is committed depends on its term as well (Raft
     * dissertation, §3.6.2).
     *
     * @param matchIndexes for each voter, the last index up to which its log is known to equal the leader's and to be
     *                     durable, 0 where nothing is known; the leader's own is among them
     * @return 0 without voters
     */
    public static long majorityIndex(long... matchIndexes) {
        if (matchIndexes.length == 0) {
            return 0;
        }
        long[] sorted = matchIndexes.clone();
        Arrays.sort(sorted);
        // of n sorted upward, the one at n - majority has a majority at or above it
        return sorted[sorted.length - (sorted.length / 2 + 1)];
    }

    /**
     * How many data-bearing members {@code w} comes to, at most as many as there are; for a {@link WriteConcern.Count} the
     * number itself.
     */
    public static int resolve(WriteConcern w, Membership membership) {
        return switch (w) {
            case WriteConcern.Count count -> count.members();
            case WriteConcern.Majority _ -> Math.min(membership.majority(), membership.dataBearingCount());
            case WriteConcern.All _ -> membership.dataBearingCount();
        };
    }

    /** Whether {@code w} asks for no more members than there are. */
    public static boolean isPossible(WriteConcern w, Membership membership) {
        return resolve(w, membership) <= membership.dataBearingCount();
    }

    /**
     * Whether a write may be acknowledged.
     *
     * @param w         what was asked for
     * @param majority  {@link Membership#majority()}
     * @param resolved  what {@code w} comes to now, see {@link #resolve}
     * @param acks      distinct data-bearing members that hold the write durably
     * @param committed whether it is committed; a number from the majority of the voters upward promises that too,
     *                  although learners count toward it and witnesses do not
     */
    public static boolean isMet(WriteConcern w, int majority, int resolved, int acks, boolean committed) {
        return switch (w) {
            case WriteConcern.Majority _ -> committed;
            case WriteConcern.Count _ -> acks >= resolved && (committed || resolved < majority);
            case WriteConcern.All _ -> acks >= resolved && committed;
        };
    }
}
