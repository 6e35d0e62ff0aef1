package io.replog.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** What a slow secondary costs those who do not wait for it, and the leader. */
final class Fairness {
    private static final int CONNECTIONS = 16;
    private static final double TOLERANCE = 0.10;
    private static final String LEADER = "master";
    private static final String SLOW = "secondary-2";

    private final Clusters clusters;
    private final Report report;

    Fairness(Clusters clusters, Report report) {
        this.clusters = clusters;
        this.report = report;
    }

    /**
     * @param seconds of each measurement
     * @param rounds  for w=1 and for w=2, each of a measurement without and one with the slow secondary
     * @param longest seconds for which it is slow at a stretch, at the end
     * @param delaySeconds by which it is slow
     */
    void run(int seconds, int rounds, int longest, int delaySeconds) throws IOException {
        String delay = delaySeconds + "s";
        Duration measured = Duration.ofSeconds(seconds);
        try (Clusters.Lease lease = clusters.take(Map.of(), "--faults")) {
            ReplogCluster cluster = lease.cluster();
            ClosedLoop.run(cluster.address(), CONNECTIONS, () -> Filler.single("all"), Duration.ZERO, measured);
            for (String w : new String[] {"1", "2"}) {
                compare(cluster, w, measured, rounds, delay);
            }
            lag(cluster, longest, delay);
        }
    }

    /** In turns, so that what the machine does beside it falls on both. */
    private void compare(ReplogCluster cluster, String w, Duration measured, int rounds, String delay)
            throws IOException {
        double[] usual = new double[rounds];
        double[] slowed = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            usual[round] = perSecond(cluster, w, measured);
            slowDown(cluster, delay);
            slowed[round] = perSecond(cluster, w, measured);
            heal(cluster);
            System.err.printf(Locale.ROOT, "w=%s: %,.0f/s without, %,.0f/s with%n", w, usual[round], slowed[round]);
        }
        double ratio = median(slowed) / median(usual);
        report.add(
                "`w=" + w + "`, " + CONNECTIONS + " connections, with `delay=" + delay + "` on a secondary",
                "≥ 0.90 × without",
                ratio >= 1 - TOLERANCE,
                String.format(
                        Locale.ROOT,
                        "medians of %d: %,.0f/s with, %,.0f/s without: %.2f",
                        rounds,
                        median(slowed),
                        median(usual),
                        ratio));
    }

    /** The secondary falls behind for long: what it lacks must wait on the disk, not in the leader's memory. */
    private void lag(ReplogCluster cluster, int seconds, String delay) throws IOException {
        slowDown(cluster, delay);
        Duration third = Duration.ofSeconds(seconds).dividedBy(3);
        double rate = perSecond(cluster, "1", third);
        double early = cluster.residentBytes(LEADER) / 1e6;
        rate += perSecond(cluster, "1", third.multipliedBy(2)) * 2;
        double late = cluster.residentBytes(LEADER) / 1e6;
        long lag = cluster.durableIndex(LEADER) - cluster.durableIndex(SLOW);
        heal(cluster);
        report.add(
                "resident memory of the leader while a secondary with `delay=" + delay + "` falls behind for " + seconds
                        + " s (`w=1`)",
                "the end ≤ 1.1 × the first third",
                late <= early * (1 + TOLERANCE),
                String.format(
                        Locale.ROOT,
                        "%.0f MB after a third, %.0f MB at the end, %,d messages behind, %,.0f/s",
                        early,
                        late,
                        lag,
                        rate / 3));
    }

    private static void slowDown(ReplogCluster cluster, String delay) throws IOException {
        cluster.faults(SLOW, "{\"delay\":\"" + delay + "\"}");
    }

    private static void heal(ReplogCluster cluster) throws IOException {
        cluster.faults(SLOW, "{}");
        long goal = cluster.durableIndex(LEADER);
        ReplogCluster.until("it has caught up", () -> cluster.durableIndex(SLOW) >= goal);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double perSecond(ReplogCluster cluster, String w, Duration measured) throws IOException {
        return ClosedLoop.run(cluster.address(), CONNECTIONS, () -> Filler.single(w), measured.dividedBy(4), measured)
                .perSecond();
    }
}
