package io.replog.benchmarks.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** What a node takes that has nothing to do, and how long it takes to start. */
final class Idle {
    private static final int STARTS = 5;
    private static final int RESIDENT_MEGABYTES = 180;
    private static final double START_SECONDS = 2;
    private static final String NODE = "secondary-1";

    private final Path project;
    private final Report report;

    Idle(Path project, Report report) {
        this.project = project;
        this.report = report;
    }

    /** @param seconds for which the nodes are left alone */
    void run(int seconds) throws IOException {
        try (ReplogCluster cluster = new ReplogCluster(project, Map.of())) {
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
            starts(cluster);
        }
    }

    private void starts(ReplogCluster cluster) throws IOException {
        double[] taken = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            cluster.stop(NODE);
            long start = System.nanoTime();
            cluster.start(NODE);
            ReplogCluster.until(NODE + " is ready", () -> cluster.isReady(NODE));
            taken[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(taken);
        double median = taken[STARTS / 2];
        report.add(
                "`./replog start` of a node of a cluster that runs → ready",
                String.format(Locale.ROOT, "≤ %.0f s", START_SECONDS),
                median <= START_SECONDS,
                String.format(Locale.ROOT, "median of %d: %.2f s, longest %.2f s", STARTS, median, taken[STARTS - 1]));
    }
}
