package io.replog.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** What a node takes that has nothing to do, and how long it takes to start. */
final class Idle {
    private static final int RESIDENT_MEGABYTES = 180;
    private static final double START_SECONDS = 2;
    private static final String NODE = "secondary-1";

    private final Clusters clusters;
    private final Report report;

    Idle(Clusters clusters, Report report) {
        this.clusters = clusters;
        this.report = report;
    }

    /**
     * @param seconds for which the nodes are left alone
     * @param starts  of which the median counts
     */
    void run(int seconds, int starts) throws IOException {
        try (Clusters.Lease lease = clusters.take(Map.of())) {
            ReplogCluster cluster = lease.cluster();
            ReplogCluster.pause(Duration.ofSeconds(seconds));
            double most = 0;
            for (String node : ReplogCluster.NODES) {
                most = Math.max(most, cluster.residentBytes(node) / 1e6);
            }
            report.add(
                    "resident memory of a node that did nothing for " + seconds + " s, the largest of three",
                    "≤ " + RESIDENT_MEGABYTES + " MB",
                    most <= RESIDENT_MEGABYTES,
                    String.format(Locale.ROOT, "%.0f MB", most));
            starts(cluster, starts);
        }
    }

    private void starts(ReplogCluster cluster, int count) throws IOException {
        double[] taken = new double[count];
        for (int i = 0; i < count; i++) {
            long stop = System.nanoTime();
            cluster.stop(NODE);
            long start = System.nanoTime();
            double stopped = (start - stop) / 1e9;
            cluster.start(NODE);
            ReplogCluster.until(NODE + " is ready", () -> cluster.isReady(NODE));
            taken[i] = (System.nanoTime() - start) / 1e9;
            System.err.printf(
                    Locale.ROOT, "%d/%d: stopped in %.2f s, ready in %.2f s%n", i + 1, count, stopped, taken[i]);
        }
        Arrays.sort(taken);
        double median = taken[count / 2];
        report.add(
                "`./replog start` of a node of a cluster that runs → ready",
                String.format(Locale.ROOT, "≤ %.0f s", START_SECONDS),
                median <= START_SECONDS,
                String.format(Locale.ROOT, "median of %d: %.2f s, longest %.2f s", count, median, taken[count - 1]));
    }
}
