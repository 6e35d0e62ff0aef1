package io.replog.benchmarks.load;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** How fast {@code GET /messages} streams a log that lies in the page cache. */
final class Reads {
    private static final int ROUNDS = 12;
    private static final int MEGABYTES_PER_SECOND = 300;

    private final Clusters clusters;
    private final Report report;

    Reads(Clusters clusters, Report report) {
        this.clusters = clusters;
        this.report = report;
    }

    /** @param messages in batches; a tenth as many are sent one by one */
    void run(long messages) throws IOException, InterruptedException {
        try (Clusters.Lease lease = clusters.take(Map.of())) {
            ReplogCluster cluster = lease.cluster();
            Filler filler = new Filler(cluster, "all");
            long inBatches = filler.batches(messages);
            list(cluster, "of " + inBatches + " messages, sent in batches", "/messages?limit=" + inBatches);
            filler.singles(Math.max(1, messages / 10));
            list(cluster, "of " + messages / 10 + " messages, sent one by one", "/messages?from=" + (inBatches + 1));
        }
    }

    private void list(ReplogCluster cluster, String what, String path) throws IOException {
        double[] rates = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rates[i] = Listing.run(cluster.address(), path).megabytesPerSecond();
        }
        double first = rates[0];
        Arrays.sort(rates);
        double median = rates[ROUNDS / 2];
        report.add(
                "`GET /messages` " + what,
                "≥ " + MEGABYTES_PER_SECOND + " MB/s",
                median >= MEGABYTES_PER_SECOND,
                String.format(
                        Locale.ROOT,
                        "median of %d: %.0f MB/s, best %.0f, the first one %.0f",
                        ROUNDS,
                        median,
                        rates[ROUNDS - 1],
                        first));
    }
}
