package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What was measured, beside what was to be reached. Not thread-safe. */
final class Report {
    private record Row(String what, String target, String measured, boolean met) {}

    /** Exit statuses: all that was to be reached was reached, something was not, something could not be measured. */
    static final int MET = 0;

    static final int MISSED = 1;
    static final int FAILED = 2;

    /** Measures, and adds what it measured to the report. */
    @FunctionalInterface
    interface Measurements {
        void add(Report report) throws IOException, InterruptedException;
    }

    private final List<Row> rows = new ArrayList<>();

    /** Prints what {@code measurements} add, also where one of them fails, and gives the exit status that says how it went. */
    static int statusOf(PrintStream out, Measurements measurements) {
        Report report = new Report();
        try {
            measurements.add(report);
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace();
            report.print(out);
            return FAILED;
        }
        return report.print(out) ? MET : MISSED;
    }

    void add(String what, String target, boolean met, String measured) {
        rows.add(new Row(what, target, measured, met));
        System.err.println(rows.getLast());
    }

    /** Prints a table in Markdown, and gives whether all that was to be reached was reached. */
    private boolean print(PrintStream out) {
        out.println("| what | target | measured | met |");
        out.println("|---|---|---|---|");
        for (Row row : rows) {
            out.printf("| %s | %s | %s | %s |%n", row.what(), row.target(), row.measured(), row.met());
        }
        return rows.stream().allMatch(Row::met);
    }
}
