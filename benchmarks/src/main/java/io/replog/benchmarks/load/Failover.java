package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * How long clients notice that a node is gone or comes back, with three nodes as processes on this machine. Arguments are
 * scenarios: {@code kill[=TIMES]}, {@code kill-fast[=TIMES]}, {@code hand-over[=TIMES]}, {@code catch-up[=MESSAGES]},
 * {@code steady[=SECONDS]}. Prints a table in Markdown, and ends as {@link Report#statusOf} says.
 */
final class Failover {
    private static final Map<String, String> DEFAULTS = Map.of();
    private static final Map<String, String> FAST =
            Map.of("REPLOG_ELECTION_TIMEOUT", "300ms", "REPLOG_HEARTBEAT_INTERVAL", "50ms");

    private final Clusters clusters;
    private final Report report;

    private Failover(Clusters clusters, Report report) {
        this.clusters = clusters;
        this.report = report;
    }

    static void main(String[] args) {
        System.exit(run(Clusters.fresh(Path.of("").toAbsolutePath()), args, System.out));
    }

    /** Gives the exit status. */
    static int run(Clusters clusters, String[] scenarios, PrintStream out) {
        return Report.statusOf(out, report -> {
            for (String scenario : scenarios) {
                new Failover(clusters, report).run(scenario);
            }
        });
    }

    private void run(String scenario) throws IOException, InterruptedException {
        if (!scenario.matches("[a-z-]+(=[0-9]{1,7})?")) {
            throw new IllegalArgumentException(scenario + ": accepted is NAME or NAME=NUMBER");
        }
        int end = scenario.indexOf('=');
        int size = end < 0 ? 0 : Integer.parseInt(scenario.substring(end + 1));
        switch (end < 0 ? scenario : scenario.substring(0, end)) {
            case "kill" -> kill("default settings", DEFAULTS, or(size, 30), 2_000, 4_000);
            case "kill-fast" ->
                kill("`election-timeout=300ms`, `heartbeat-interval=50ms`", FAST, or(size, 30), 700, 1_400);
            case "hand-over" -> handOver(or(size, 10));
            case "catch-up" -> catchUp(or(size, 1_000_000));
            case "steady" -> steady(Duration.ofSeconds(or(size, 600)));
            default ->
                throw new IllegalArgumentException(
                        scenario + ": accepted are kill, kill-fast, hand-over, catch-up and steady");
        }
    }

    private static int or(int size, int unlessGiven) {
        return size > 0 ? size : unlessGiven;
    }

    // --- kill -9 of the leader

    private void kill(String settings, Map<String, String> environment, int times, int medianMillis, int worstMillis)
            throws IOException {
        double[] millis = new double[times];
        try (Clusters.Lease lease = clusters.take(environment)) {
            ReplogCluster cluster = lease.cluster();
            for (int i = 0; i < times; i++) {
                String leader = cluster.leader();
                millis[i] = killOnce(cluster, leader);
                System.err.printf(Locale.ROOT, "%2d %s: %.0f ms%n", i + 1, leader, millis[i]);
                cluster.start(leader);
                cluster.awaitAllHealthy();
            }
        }
        Arrays.sort(millis);
        double median = (millis[(times - 1) / 2] + millis[times / 2]) / 2;
        double worst = millis[times - 1];
        report.add(
                times + " × `kill -9` of the leader → first acknowledged `majority` write, " + settings,
                "median ≤ " + medianMillis + " ms, worst ≤ " + worstMillis + " ms",
                median <= medianMillis && worst <= worstMillis,
                String.format(Locale.ROOT, "median %.0f ms, worst %.0f ms, best %.0f ms", median, worst, millis[0]));
    }

    /** A client at each of the others writes at once, and again where it is refused. */
    private static double killOnce(ReplogCluster cluster, String leader) throws IOException {
        CompletableFuture<Long> acknowledged = new CompletableFuture<>();
        long killed = System.nanoTime();
        cluster.kill(leader);
        for (String node : ReplogCluster.NODES) {
            if (!node.equals(leader)) {
                Thread.ofVirtual().start(() -> writeUntilAcknowledged(cluster, node, acknowledged));
            }
        }
        return (acknowledged.orTimeout(1, TimeUnit.MINUTES).join() - killed) / 1e6;
    }

    private static void writeUntilAcknowledged(
            ReplogCluster cluster, String node, CompletableFuture<Long> acknowledged) {
        while (!acknowledged.isDone()) {
            int status = cluster.post(node, "/messages?w=majority&timeout=10s", "application/json", Filler.MESSAGE)
                    .exceptionally(failure -> 0)
                    .join();
            if (status == 201) {
                acknowledged.complete(System.nanoTime());
            }
        }
    }

    // --- hand-over

    private void handOver(int times) throws IOException {
        double worst = 0;
        double quiet = 0;
        long failed;
        long acknowledged;
        try (Clusters.Lease lease = clusters.take(DEFAULTS);
                Writers writers = Writers.start(clients(lease.cluster(), 9), Failover::majorityWrite)) {
            ReplogCluster cluster = lease.cluster();
            ReplogCluster.pause(Duration.ofSeconds(Math.min(15, 2 * times)));
            for (int i = 0; i < times; i++) {
                String target = ReplogCluster.NODES.get(
                        (ReplogCluster.NODES.indexOf(cluster.leader()) + 1) % ReplogCluster.NODES.size());
                writers.takeLongestGapMillis();
                ReplogCluster.pause(Duration.ofSeconds(1));
                quiet = Math.max(quiet, writers.takeLongestGapMillis());
                int status = cluster.post(
                                "secondary-2", "/cluster/leader", "application/json", "{\"to\":\"" + target + "\"}")
                        .join();
                ReplogCluster.pause(Duration.ofSeconds(1));
                double gap = writers.takeLongestGapMillis();
                System.err.printf(Locale.ROOT, "%2d to %s: %d, longest gap %.0f ms%n", i + 1, target, status, gap);
                worst = Math.max(worst, gap);
            }
            failed = writers.failed();
            acknowledged = writers.acknowledged();
        }
        report.add(
                times + " hand-overs under the load of 9 clients, longest time without an acknowledgement at a client",
                "≤ 200 ms, no failed request",
                worst <= 200 && failed == 0,
                String.format(
                        Locale.ROOT,
                        "%.0f ms (%.0f ms in the seconds between), %d of %,d requests failed",
                        worst,
                        quiet,
                        failed,
                        acknowledged + failed));
    }

    private static List<InetSocketAddress> clients(ReplogCluster cluster, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> cluster.address(ReplogCluster.NODES.get(i % ReplogCluster.NODES.size())))
                .toList();
    }

    private static Protocol majorityWrite() {
        return Filler.single("majority");
    }

    // --- a secondary that comes back with an empty disk

    private void catchUp(int missed) throws IOException, InterruptedException {
        String late = "secondary-2";
        double seconds;
        double gap;
        double before;
        double during;
        try (Clusters.Lease lease = clusters.take(DEFAULTS)) {
            ReplogCluster cluster = lease.cluster();
            cluster.kill(late);
            String leader = cluster.leader();
            new Filler(cluster, "majority").batches(missed);
            cluster.wipe(late);
            try (Writers writers =
                    Writers.start(List.of(cluster.address(leader), cluster.address(leader)), Failover::majorityWrite)) {
                int usual = Math.clamp(missed / 100_000, 1, 3);
                ReplogCluster.pause(Duration.ofSeconds(usual));
                long counted = writers.acknowledged();
                ReplogCluster.pause(Duration.ofSeconds(usual));
                before = (writers.acknowledged() - counted) / (double) usual;
                long goal = cluster.durableIndex(leader);
                writers.takeLongestGapMillis();
                counted = writers.acknowledged();
                long start = System.nanoTime();
                cluster.start(late);
                ReplogCluster.until("it has caught up", () -> cluster.durableIndex(late) >= goal);
                seconds = (System.nanoTime() - start) / 1e9;
                gap = writers.takeLongestGapMillis();
                during = (writers.acknowledged() - counted) / seconds;
            }
        }
        report.add(
                String.format(
                        Locale.ROOT,
                        "a blank secondary that misses %,d messages of 100 bytes, start of its process → it holds them",
                        missed),
                "≤ 20 s, the leader serves on",
                seconds <= 20 && during > 0,
                String.format(
                        Locale.ROOT,
                        "%.1f s; 2 clients wrote %.0f/s (%.0f/s before), longest gap %.0f ms",
                        seconds,
                        during,
                        before,
                        gap));
    }

    // --- nothing happens

    private void steady(Duration duration) throws IOException {
        long elections;
        ClosedLoop.Result result;
        try (Clusters.Lease lease = clusters.take(DEFAULTS)) {
            ReplogCluster cluster = lease.cluster();
            long term = cluster.health(cluster.leader()).get("term").asLong();
            result = ClosedLoop.run(
                    cluster.address(),
                    64,
                    () -> Filler.single("all"),
                    Duration.ofSeconds(Math.min(5, duration.toSeconds())),
                    duration);
            elections = cluster.health(cluster.leader()).get("term").asLong() - term;
        }
        report.add(
                duration.toSeconds() + " s of full load (64 connections, `w=all`): elections",
                "0",
                elections == 0,
                String.format(
                        Locale.ROOT,
                        "%d; %,.0f acknowledged/s, median %.1f ms, 99 %% %.1f ms, longest %.0f ms",
                        elections,
                        result.perSecond(),
                        result.medianMillis(),
                        result.p99Millis(),
                        result.latency().getMaxValue() / 1e6));
    }
}
