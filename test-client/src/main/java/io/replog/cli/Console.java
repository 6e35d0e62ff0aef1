package io.replog.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a command speaks to: lines and tables for people, JSON for machines. Colour stands on terminals alone.
 * Thread-safe as far as whole lines go.
 */
public final class Console {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final boolean colour;
    private boolean progressShown;

    /** @param terminal whether a person looks on: progress lines are shown then, and colour unless switched off */
    public Console(PrintWriter out, PrintWriter err, boolean terminal, boolean colour) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.colour = terminal && colour;
    }

    /** Whether a person looks on. */
    public boolean isTerminal() {
        return terminal;
    }

    public synchronized void line(String text) {
        eraseProgress();
        out.println(text);
        out.flush();
    }

    /** False where nobody reads any more, as after {@code | head}. */
    public boolean isRead() {
        return !out.checkError();
    }

    /** One JSON document in a line. */
    public void json(Object value) {
        line(JSON.writeValueAsString(value));
    }

    /** What went wrong, in a line of its own. */
    public synchronized void error(String text) {
        eraseProgress();
        err.println(red("error: ") + text);
        err.flush();
    }

    /** A line that the next one replaces; on terminals alone. */
    public synchronized void progress(String text) {
        if (terminal) {
            err.print(ERASE_LINE + text);
            err.flush();
            progressShown = true;
        }
    }

    private void eraseProgress() {
        if (progressShown) {
            err.print(ERASE_LINE);
            err.flush();
            progressShown = false;
        }
    }

    /** Aligned columns; the first row is the heading. */
    public void table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                if (column == widths.size()) {
                    widths.add(0);
                }
                widths.set(column, Math.max(widths.get(column), row.get(column).length()));
            }
        }
        for (List<String> row : rows) {
            UnaryOperator<String> style = row == rows.getFirst() ? this::bold : UnaryOperator.identity();
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                text.append(style.apply(cell));
                if (column < row.size() - 1) {
                    text.repeat(" ", widths.get(column) - cell.length() + 2);
                }
            }
            line(text.toString().stripTrailing());
        }
    }

    public String bold(String text) {
        return styled("1", text);
    }

    public String red(String text) {
        return styled("31", text);
    }

    public String green(String text) {
        return styled("32", text);
    }

    public String dim(String text) {
        return styled("2", text);
    }

    private String styled(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
