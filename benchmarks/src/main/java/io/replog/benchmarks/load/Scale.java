package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads, memory, long logs and slow members, with three nodes as processes on this machine. Arguments are measurements, each
 * with its size: {@code reads=MESSAGES}, {@code memory=MESSAGES,FOLLOWERS,SECONDS}, {@code growth=MESSAGES},
 * {@code idle=SECONDS,STARTS}, {@code catch-up=MESSAGES}, {@code fairness=SECONDS,ROUNDS,SECONDS,DELAY}. Prints a table in
 * Markdown, and ends as {@link Report#statusOf} says.
 */
final class Scale {
    private Scale() {}

    static void main(String[] args) {
        System.exit(run(Clusters.fresh(Path.of("").toAbsolutePath()), args, System.out));
    }

    /** Gives the exit status. */
    static int run(Clusters clusters, String[] measurements, PrintStream out) {
        return Report.statusOf(out, report -> {
            for (String measurement : measurements) {
                run(measurement, clusters, report);
            }
        });
    }

    private static void run(String measurement, Clusters clusters, Report report)
            throws IOException, InterruptedException {
        int end = measurement.indexOf('=');
        String name = end < 0 ? measurement : measurement.substring(0, end);
        switch (name) {
            case "reads" -> new Reads(clusters, report).run(sizes(measurement, 1)[0]);
            case "memory" -> {
                int[] sizes = sizes(measurement, 3);
                new Memory(clusters, report).run(sizes[0], sizes[1], sizes[2]);
            }
            case "growth" -> new Growth(clusters, report).run(sizes(measurement, 1)[0]);
            case "idle" -> {
                int[] sizes = sizes(measurement, 2);
                new Idle(clusters, report).run(sizes[0], sizes[1]);
            }
            case "catch-up" -> new CatchUp(clusters, report).run(sizes(measurement, 1)[0]);
            case "fairness" -> {
                int[] sizes = sizes(measurement, 4);
                new Fairness(clusters, report).run(sizes[0], sizes[1], sizes[2], sizes[3]);
            }
            default ->
                throw new IllegalArgumentException(
                        measurement + ": accepted are reads, memory, growth, idle, catch-up, fairness");
        }
    }

    private static int[] sizes(String measurement, int count) {
        String number = "[1-9][0-9]{0,8}";
        if (!measurement.matches("[a-z-]+=" + number + ("," + number).repeat(count - 1))) {
            throw new IllegalArgumentException(
                    measurement + ": accepted are " + count + " numbers from 1, NAME=NUMBER,…");
        }
        return Arrays.stream(measurement.substring(measurement.indexOf('=') + 1).split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
