package io.replog.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** What an append costs as the log grows, and how long a node with the grown log takes to come back. */
final class Growth {
    private static final int SLICES = 20;
    private static final double TOLERANCE = 0.15;
    private static final String NODE = "secondary-1";

    private final Clusters clusters;
    private final Report report;

    Growth(Clusters clusters, Report report) {
        this.clusters = clusters;
        this.report = report;
    }

    /** @param messages up to which the log grows */
    void run(long messages) throws IOException, InterruptedException {
        try (Clusters.Lease lease = clusters.take(Map.of())) {
            ReplogCluster cluster = lease.cluster();
            grow(cluster, messages);
            cluster.stop(NODE);
            restarted(cluster, "a clean stop", messages, Duration.ofSeconds(3));
            cluster.killAndAwait(NODE);
            restarted(cluster, "`kill -9`", messages, Duration.ofSeconds(10));
        }
    }

    private void grow(ReplogCluster cluster, long messages) throws IOException, InterruptedException {
        Filler filler = new Filler(cluster, "all");
        double[] micros = new double[SLICES];
        double[] rates = new double[SLICES];
        for (int i = 0; i < SLICES; i++) {
            double cpu = cpuMicros(cluster);
            long start = System.nanoTime();
            long count = filler.batches(messages / SLICES);
            rates[i] = count * 1e9 / (System.nanoTime() - start);
            micros[i] = (cpuMicros(cluster) - cpu) / count;
            System.err.printf(Locale.ROOT, "%2d/%d: %.2f µs, %,.0f/s%n", i + 1, SLICES, micros[i], rates[i]);
        }
        double early = mean(micros, 2, SLICES / 2);
        double late = mean(micros, SLICES / 2, SLICES);
        report.add(
                String.format(
                        Locale.ROOT,
                        "an append (`w=all`, batches of %,d) while the log grows to %,d messages: processor time of the"
                                + " three nodes",
                        Filler.BATCH,
                        messages),
                "second half ≤ first half + 15 %",
                late <= early * (1 + TOLERANCE),
                String.format(
                        Locale.ROOT,
                        "%.2f µs a message in the first half, %.2f µs in the second; %,.0f/s and %,.0f/s",
                        early,
                        late,
                        mean(rates, 2, SLICES / 2),
                        mean(rates, SLICES / 2, SLICES)));
    }

    private static double mean(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).average().orElseThrow();
    }

    private static double cpuMicros(ReplogCluster cluster) throws IOException {
        double micros = 0;
        for (String node : ReplogCluster.NODES) {
            micros += cluster.cpu(node).toNanos() / 1e3;
        }
        return micros;
    }

    private void restarted(ReplogCluster cluster, String after, long messages, Duration most) throws IOException {
        long start = System.nanoTime();
        cluster.start(NODE);
        ReplogCluster.until(NODE + " is ready", () -> cluster.isReady(NODE));
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        report.add(
                String.format(
                        Locale.ROOT, "`./replog start` of a node with %,d messages, after %s → ready", messages, after),
                "≤ " + most.toSeconds() + " s",
                taken.compareTo(most) <= 0,
                String.format(Locale.ROOT, "%.2f s", taken.toNanos() / 1e9));
    }
}
