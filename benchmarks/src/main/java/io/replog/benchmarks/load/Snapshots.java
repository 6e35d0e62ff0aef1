package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What state snapshots cost: writes at a steady rate to a cluster that holds many keys and takes snapshots often, told apart
 * by whether any node was taking one; and how long a node takes to come back. Arguments: {@code [keys [seconds
 * [writes a second]]]}; prints a table in Markdown.
 */
final class Snapshots {
    private static final List<String> NODES = ReplogCluster.NODES;
    private static final int VALUE_BYTES = 100;
    private static final int PIPELINE = 250;
    private static final int WRITERS = 16;
    private static final String RESTARTED = "secondary-1";

    /** So often that some are taken while it is measured; the default is 64 MB. */
    private static final String BYTES_BETWEEN = "1MB";

    private final int keys;
    private final Duration measured;
    private final int rate;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean taking;
    private final Histogram during = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final Histogram between = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final Histogram durations = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);

    private Snapshots(int keys, Duration measured, int rate) {
        this.keys = keys;
        this.measured = measured;
        this.rate = rate;
    }

    static void main(String[] args) throws IOException, InterruptedException {
        run(Clusters.fresh(Path.of("").toAbsolutePath()), args, System.out);
    }

    static void run(Clusters clusters, String[] args, PrintStream out) throws IOException, InterruptedException {
        int keys = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        Duration measured = Duration.ofSeconds(args.length > 1 ? Integer.parseInt(args[1]) : 60);
        int rate = args.length > 2 ? Integer.parseInt(args[2]) : 500;
        new Snapshots(keys, measured, rate).run(clusters, out);
    }

    private void run(Clusters clusters, PrintStream out) throws IOException, InterruptedException {
        try (Clusters.Lease lease = clusters.take(Map.of())) {
            ReplogCluster cluster = lease.cluster();
            load(cluster.textAddress());
            cluster.killAndAwait(RESTARTED);
            Duration afterKill = untilServing(cluster);
            cluster.stop(RESTARTED);
            Duration afterStop = untilServing(cluster);
            cluster.restart(Map.of("REPLOG_LIMITS_SNAPSHOT_BYTES", BYTES_BETWEEN));
            measure(cluster);
            print(out, afterKill, afterStop);
        }
    }

    private static String key(int number) {
        return "key-%07d".formatted(number);
    }

    private static String command(String key, int number) {
        String value = "%0100d".formatted(number);
        return "*3\r\n$3\r\nSET\r\n$" + key.length() + "\r\n" + key + "\r\n$" + VALUE_BYTES + "\r\n" + value + "\r\n";
    }

    private void load(InetSocketAddress address) throws IOException {
        try (Socket socket = connect(address)) {
            for (int from = 0; from < keys; from += PIPELINE) {
                StringBuilder commands = new StringBuilder();
                int count = Math.min(PIPELINE, keys - from);
                for (int i = from; i < from + count; i++) {
                    commands.append(command(key(i), i));
                }
                ask(socket, commands.toString(), count);
            }
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void ask(Socket socket, String commands, int replies) throws IOException {
        socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
        byte[] expected = "+OK\r\n".repeat(replies).getBytes(StandardCharsets.US_ASCII);
        byte[] answer = socket.getInputStream().readNBytes(expected.length);
        if (!Arrays.equals(answer, expected)) {
            throw new Protocol.UnexpectedAnswerException(new String(answer, StandardCharsets.US_ASCII));
        }
    }

    /** From the start of the process until it has all keys, and answers for one of them. */
    private Duration untilServing(ReplogCluster cluster) throws IOException {
        long start = System.nanoTime();
        cluster.start(RESTARTED);
        HttpProtocol read = HttpProtocol.get("/kv/" + key(keys - 1));
        ReplogCluster.until(RESTARTED + " serves", () -> answers(cluster.address(RESTARTED), read));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean answers(InetSocketAddress address, HttpProtocol request) {
        try (Socket socket = connect(address)) {
            Writers.exchange(socket, request, new byte[16 * 1024]);
            return true;
        } catch (IOException | Protocol.UnexpectedAnswerException e) {
            return false;
        }
    }

    private void measure(ReplogCluster cluster) throws IOException, InterruptedException {
        Thread watcher = Thread.ofPlatform().start(() -> watch(cluster.data()));
        List<Callable<Void>> writers = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            writers.add(() -> write(cluster.textAddress(), number, begin));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            for (Future<Void> writer : threads.invokeAll(writers)) {
                writer.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a write failed", e);
        } finally {
            ended.set(true);
            watcher.join();
        }
    }

    /** Notes when one of the nodes has a snapshot that is not yet whole. */
    private void watch(Path data) {
        long since = 0;
        while (!ended.get()) {
            boolean now =
                    NODES.stream().anyMatch(node -> isWriting(data.resolve(node).resolve("snapshots")));
            if (now && !taking) {
                since = System.nanoTime();
            } else if (!now && taking) {
                durations.recordValue(System.nanoTime() - since);
            }
            taking = now;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static boolean isWriting(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> !file.toString().endsWith(".snapshot"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes at its share of the rate; a write counts from when it was due, so one that is held up shows in those behind it too. */
    private Void write(InetSocketAddress address, int number, long begin) throws IOException {
        long interval = TimeUnit.SECONDS.toNanos(WRITERS) / rate;
        long warmUp = begin + Math.min(TimeUnit.SECONDS.toNanos(10), measured.toNanos());
        long end = warmUp + measured.toNanos();
        int step = 7919 * WRITERS;
        int key = number;
        try (Socket socket = connect(address)) {
            for (long due = begin + number * interval / WRITERS; due < end; due += interval) {
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                boolean before = taking;
                key = (key + step) % keys;
                ask(socket, command(key(key), key), 1);
                long took = System.nanoTime() - due;
                if (due >= warmUp) {
                    (before || taking ? during : between).recordValue(took);
                }
            }
        }
        return null;
    }

    private void print(PrintStream out, Duration afterKill, Duration afterStop) {
        out.printf(Locale.ROOT, "%,d keys, %,d writes/s%n%n", keys, rate);
        out.println("| writes | count | median ms | p99 ms | p99.9 ms | longest ms |");
        out.println("|---|--:|--:|--:|--:|--:|");
        row(out, "no snapshot", between);
        row(out, "while one is taken", during);
        out.printf(
                Locale.ROOT,
                "%n%d snapshots, %.1f s in the median; a node serves %.1f s after `kill -9`, %.1f s after a clean stop%n",
                durations.getTotalCount(),
                durations.getValueAtPercentile(50) / 1e9,
                afterKill.toMillis() / 1e3,
                afterStop.toMillis() / 1e3);
    }

    private static void row(PrintStream out, String name, Histogram latency) {
        out.printf(
                Locale.ROOT,
                "| %s | %,d | %.2f | %.2f | %.2f | %.2f |%n",
                name,
                latency.getTotalCount(),
                latency.getValueAtPercentile(50) / 1e6,
                latency.getValueAtPercentile(99) / 1e6,
                latency.getValueAtPercentile(99.9) / 1e6,
                latency.getMaxValue() / 1e6);
    }
}
