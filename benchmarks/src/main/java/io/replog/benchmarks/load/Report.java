package io.replog.benchmarks.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What was measured, beside what was to be reached. Not thread-safe. */
final class Report {
    private record Row(String what, String target, String measured, boolean met) {}

    private final List<Row> rows = new ArrayList<>();

    void add(String what, String target, boolean met, String measured) {
        rows.add(new Row(what, target, measured, met));
        System.err.println(rows.getLast());
    }

    /** Prints a table in Markdown, and gives whether all that was to be reached was reached. */
    boolean print(PrintStream out) {
        out.println("| what | target | measured | met |");
        out.println("|---|---|---|---|");
        for (Row row : rows) {
            out.printf("| %s | %s | %s | %s |%n", row.what(), row.target(), row.measured(), row.met());
        }
        return rows.stream().allMatch(Row::met);
    }
}
