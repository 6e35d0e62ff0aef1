package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/**
 * What many followers and a list of the whole log cost a leader that may take no more than 256 MB of heap, and those who
 * write meanwhile, at a steady rate.
 */
final class Memory {
    private static final int HEAP_MEGABYTES = 256;
    private static final int WRITES_PER_SECOND = 50;
    private static final int SETTLING_SECONDS = 5;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Clusters clusters;
    private final Report report;

    Memory(Clusters clusters, Report report) {
        this.clusters = clusters;
        this.report = report;
    }

    /**
     * @param messages  that the log holds and one client lists, over and over
     * @param followers that are attached
     * @param seconds   of each measurement: without them, with them
     */
    void run(long messages, int followers, int seconds) throws IOException, InterruptedException {
        try (Clusters.Lease lease = clusters.take(Map.of("REPLOG_JVM_OPTIONS", "-Xmx" + HEAP_MEGABYTES + "m"))) {
            ReplogCluster cluster = lease.cluster();
            long count = new Filler(cluster, "all").batches(messages);
            long endOfWarmUp = end(seconds);
            write(cluster, () -> System.nanoTime() < endOfWarmUp);
            long endOfUsual = end(seconds);
            Histogram usual = write(cluster, () -> System.nanoTime() < endOfUsual);
            try (Followers clients = new Followers(cluster.address(), followers)) {
                ReplogCluster.until("all follow", () -> clients.attached() >= followers);
                // What the attaching of so many leaves behind is not what is asked for.
                int settling = Math.min(SETTLING_SECONDS, seconds);
                long endOfSettling = end(settling);
                long endOfLoad = end(settling + seconds);
                CompletableFuture<Void> listing = CompletableFuture.runAsync(
                        () -> list(cluster, count, () -> System.nanoTime() < endOfLoad),
                        task -> Thread.ofVirtual().start(task));
                write(cluster, () -> System.nanoTime() < endOfSettling);
                Histogram loaded = write(cluster, () -> System.nanoTime() < endOfLoad || !listing.isDone());
                listing.join();
                report(cluster, count, followers, usual, loaded, clients);
            }
        }
    }

    private static long end(int seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private static void list(ReplogCluster cluster, long count, BooleanSupplier goOn) {
        try {
            do {
                Listing.Result result = Listing.run(cluster.address(), "/messages?limit=" + count);
                System.err.printf(Locale.ROOT, "listed at %.0f MB/s%n", result.megabytesPerSecond());
            } while (goOn.getAsBoolean());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes at a steady rate, each at its time whatever the ones before took; gives how long each took from its time on. */
    private static Histogram write(ReplogCluster cluster, BooleanSupplier goOn) throws IOException {
        Histogram latency = new Histogram(LONGEST.toNanos(), 3);
        HttpProtocol protocol = Filler.single("all");
        byte[] answer = new byte[4096];
        try (Socket socket =
                new Socket(cluster.address().getAddress(), cluster.address().getPort())) {
            socket.setTcpNoDelay(true);
            long due = System.nanoTime();
            while (goOn.getAsBoolean()) {
                LockSupport.parkNanos(due - System.nanoTime());
                Writers.exchange(socket, protocol, answer);
                latency.recordValue(Math.min(LONGEST.toNanos(), System.nanoTime() - due));
                due += TimeUnit.SECONDS.toNanos(1) / WRITES_PER_SECOND;
            }
        }
        return latency;
    }

    private void report(
            ReplogCluster cluster, long count, int followers, Histogram usual, Histogram loaded, Followers clients)
            throws IOException {
        String under = String.format(
                Locale.ROOT, "one client lists %,d messages and %,d follow, all at the leader", count, followers);
        double[] resident = new double[ReplogCluster.NODES.size()];
        for (int i = 0; i < resident.length; i++) {
            resident[i] = cluster.residentBytes(ReplogCluster.NODES.get(i)) / 1e6;
        }
        report.add(
                under + ": nodes with `-Xmx" + HEAP_MEGABYTES + "m`",
                "none ends, no follower is cut off",
                clients.lost() == 0 && clients.bytes() > 0,
                String.format(
                        Locale.ROOT,
                        "%d followers cut off, %.1f MB sent to them; resident memory %s MB",
                        clients.lost(),
                        clients.bytes() / 1e6,
                        Arrays.stream(resident).mapToObj(Math::round).toList()));
        double before = usual.getValueAtPercentile(99) / 1e6;
        double during = loaded.getValueAtPercentile(99) / 1e6;
        double longest = loaded.getMaxValue() / 1e6;
        String writes = under + ": " + WRITES_PER_SECOND + " writes a second (`w=all`), ";
        report.add(
                writes + "99 %",
                "≤ 2 × 99 % without",
                during <= 2 * before,
                String.format(
                        Locale.ROOT,
                        "%.2f ms, median %.2f ms; without %.2f ms, median %.2f ms",
                        during,
                        loaded.getValueAtPercentile(50) / 1e6,
                        before,
                        usual.getValueAtPercentile(50) / 1e6));
        report.add(
                writes + "longest of " + loaded.getTotalCount(),
                "≤ 2 × 99 % without",
                longest <= 2 * before,
                String.format(
                        Locale.ROOT,
                        "%.2f ms; without %.2f ms of %d",
                        longest,
                        usual.getMaxValue() / 1e6,
                        usual.getTotalCount()));
    }
}
