package io.replog.benchmarks.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads, memory, long logs and slow members, with three nodes as processes on this machine. Arguments are measurements, each
 * with its size: {@code reads=MESSAGES}, {@code memory=MESSAGES,FOLLOWERS,SECONDS}, {@code growth=MESSAGES},
 * {@code idle=SECONDS,STARTS}, {@code catch-up=MESSAGES}, {@code fairness=SECONDS,ROUNDS,SECONDS}. Prints a table in
 * Markdown, and ends as {@link Report#statusOf} says.
 */
final class Scale {
    private Scale() {}

    static void main(String[] args) {
        Path project = Path.of("").toAbsolutePath();
        System.exit(Report.statusOf(System.out, report -> {
            for (String measurement : args) {
                run(measurement, project, report);
            }
        }));
    }

    private static void run(String measurement, Path project, Report report) throws IOException, InterruptedException {
        int end = measurement.indexOf('=');
        String name = end < 0 ? measurement : measurement.substring(0, end);
        switch (name) {
            case "reads" -> new Reads(project, report).run(sizes(measurement, 1)[0]);
            case "memory" -> {
                int[] sizes = sizes(measurement, 3);
                new Memory(project, report).run(sizes[0], sizes[1], sizes[2]);
            }
            case "growth" -> new Growth(project, report).run(sizes(measurement, 1)[0]);
            case "idle" -> {
                int[] sizes = sizes(measurement, 2);
                new Idle(project, report).run(sizes[0], sizes[1]);
            }
            case "catch-up" -> new CatchUp(project, report).run(sizes(measurement, 1)[0]);
            case "fairness" -> {
                int[] sizes = sizes(measurement, 3);
                new Fairness(project, report).run(sizes[0], sizes[1], sizes[2]);
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
