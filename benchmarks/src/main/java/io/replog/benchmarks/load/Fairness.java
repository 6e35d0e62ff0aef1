package io.replog.benchmarks.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What a slow secondary costs those who do not wait for it. */
final class Fairness {
    private static final int CONNECTIONS = 16;
    private static final double TOLERANCE = 0.10;
    private static final String SLOW = "secondary-2";
    private static final String DELAY = "{\"delay\":\"5s\"}";

    private final Path project;
    private final Report report;

    Fairness(Path project, Report report) {
        this.project = project;
        this.report = report;
    }

    /** @param seconds of each measurement: for w=1 and w=2, twice without and twice with the slow secondary */
    void run(int seconds) throws IOException {
        Duration measured = Duration.ofSeconds(seconds);
        try (ReplogCluster cluster = new ReplogCluster(project, Map.of(), "--faults")) {
            ClosedLoop.run(cluster.address(), CONNECTIONS, () -> Filler.single("all"), Duration.ZERO, measured);
            for (String w : new String[] {"1", "2"}) {
                compare(cluster, w, measured);
            }
        }
    }

    /** In turns, so that what the machine does beside it falls on both. */
    private void compare(ReplogCluster cluster, String w, Duration measured) throws IOException {
        double usual = 0;
        double slowed = 0;
        long resident = 0;
        for (int round = 0; round < 2; round++) {
            usual += perSecond(cluster, w, measured) / 2;
            cluster.faults(SLOW, DELAY);
            slowed += perSecond(cluster, w, measured) / 2;
            resident = Math.max(resident, cluster.residentBytes("master"));
            cluster.faults(SLOW, "{}");
            long goal = cluster.durableIndex("master");
            ReplogCluster.until("it has caught up", () -> cluster.durableIndex(SLOW) >= goal);
        }
        report.add(
                "`w=" + w + "`, " + CONNECTIONS + " connections, with `delay=5s` on a secondary",
                "≥ 0.90 × without",
                slowed >= usual * (1 - TOLERANCE),
                String.format(
                        Locale.ROOT,
                        "%,.0f/s with, %,.0f/s without: %.2f; the leader's resident memory at the end %.0f MB",
                        slowed,
                        usual,
                        slowed / usual,
                        resident / 1e6));
    }

    private static double perSecond(ReplogCluster cluster, String w, Duration measured) throws IOException {
        return ClosedLoop.run(cluster.address(), CONNECTIONS, () -> Filler.single(w), measured.dividedBy(4), measured)
                .perSecond();
    }
}
