package io.replog.benchmarks.load;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads, memory, long logs and slow members, with three nodes as processes on this machine. Arguments are measurements, each
 * with its size: {@code reads=MESSAGES}, {@code memory=MESSAGES,FOLLOWERS,SECONDS}, {@code growth=MESSAGES},
 * {@code idle=SECONDS}, {@code catch-up=MESSAGES}, {@code fairness=SECONDS}. Prints a table in Markdown and ends with 1
 * where a target is missed.
 */
final class Scale {
    private Scale() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Report report = new Report();
        for (String measurement : args) {
            run(measurement, Path.of("").toAbsolutePath(), report);
        }
        System.exit(report.print(System.out) ? 0 : 1);
    }

    static void run(String measurement, Path project, Report report) throws IOException, InterruptedException {
        if (!measurement.matches("[a-z-]+=[0-9]{1,9}(,[0-9]{1,9})*")) {
            throw new IllegalArgumentException(measurement + ": accepted is NAME=NUMBER,…");
        }
        int end = measurement.indexOf('=');
        String[] sizes = measurement.substring(end + 1).split(",", -1);
        int size = Integer.parseInt(sizes[0]);
        switch (measurement.substring(0, end)) {
            case "reads" -> new Reads(project, report).run(size);
            case "memory" ->
                new Memory(project, report).run(size, Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
            case "growth" -> new Growth(project, report).run(size);
            case "idle" -> new Idle(project, report).run(size);
            case "catch-up" -> new CatchUp(project, report).run(size);
            case "fairness" -> new Fairness(project, report).run(size);
            default ->
                throw new IllegalArgumentException(
                        measurement + ": accepted are reads, memory, growth, idle, catch-up, fairness");
        }
    }
}
