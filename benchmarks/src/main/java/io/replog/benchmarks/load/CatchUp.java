package io.replog.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;

/** How fast a secondary that lost its disk is refilled, and what else could have been the limit. */
final class CatchUp {
    private static final int MEGABYTES_PER_SECOND = 50;

    /** What a message takes in the log, without its share of its batch's header. */
    private static final double MESSAGE_BYTES = 104;

    private static final String LATE = "secondary-2";

    private final Clusters clusters;
    private final Report report;

    CatchUp(Clusters clusters, Report report) {
        this.clusters = clusters;
        this.report = report;
    }

    /** @param messages that it has to be sent */
    void run(long messages) throws IOException, InterruptedException {
        try (Clusters.Lease lease = clusters.take(Map.of())) {
            ReplogCluster cluster = lease.cluster();
            cluster.kill(LATE);
            new Filler(cluster, "majority").batches(messages);
            String leader = cluster.leader();
            long goal = cluster.durableIndex(leader);
            cluster.wipe(LATE);
            cluster.start(LATE);
            ReplogCluster.until("it is sent the log", () -> cluster.durableIndex(LATE) > 0);
            long start = System.nanoTime();
            long first = cluster.durableIndex(LATE);
            double lateCpu = seconds(cluster, LATE);
            double leaderCpu = seconds(cluster, leader);
            ReplogCluster.until("it has caught up", () -> cluster.durableIndex(LATE) >= goal);
            double taken = (System.nanoTime() - start) / 1e9;
            lateCpu = seconds(cluster, LATE) - lateCpu;
            leaderCpu = seconds(cluster, leader) - leaderCpu;
            double megabytes = messages * MESSAGE_BYTES / 1e6 * (goal - first) / goal;
            double rate = megabytes / taken;
            double disk = diskMegabytesPerSecond(cluster.folder(), megabytes);
            report.add(
                    String.format(Locale.ROOT, "a blank secondary is refilled with %,d messages", messages),
                    "≥ " + MEGABYTES_PER_SECOND + " MB/s",
                    rate >= MEGABYTES_PER_SECOND,
                    String.format(
                            Locale.ROOT,
                            "%.0f MB/s (%.0f MB in %.1f s; the secondary took %.1f s of processor, the leader %.1f s; the"
                                    + " same disk takes %.0f MB/s of zeros, forced once a MB)",
                            rate,
                            megabytes,
                            taken,
                            lateCpu,
                            leaderCpu,
                            disk));
        }
    }

    private static double seconds(ReplogCluster cluster, String node) throws IOException {
        return cluster.cpu(node).toNanos() / 1e9;
    }

    private static double diskMegabytesPerSecond(Path folder, double megabytes) throws IOException {
        Path file = folder.resolve("disk");
        ByteBuffer zeros = ByteBuffer.allocateDirect(1_000_000);
        int count = (int) Math.clamp(megabytes, 1, 1_000);
        long start = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < count; i++) {
                channel.write(zeros.clear());
                channel.force(false);
            }
        }
        double rate = count * 1e9 / (System.nanoTime() - start);
        Files.delete(file);
        return rate;
    }
}
