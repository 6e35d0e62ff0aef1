package io.replog.cli.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Markdown as GitHub has it. */
final class MarkdownPage implements Page {
    private final StringBuilder text = new StringBuilder(8192);

    MarkdownPage(String title) {
        text.append("# ").append(title).append('\n');
    }

    @Override
    public void heading(int level, String heading) {
        text.append('\n').repeat("#", level).append(' ').append(heading).append('\n');
    }

    @Override
    public void paragraph(String paragraph) {
        text.append('\n').append(paragraph).append('\n');
    }

    @Override
    public void paragraph(String label, String paragraph) {
        paragraph("**" + label + ".** " + paragraph);
    }

    @Override
    public void table(List<String> heading, List<List<String>> rows) {
        text.append('\n');
        row(heading);
        row(heading.stream().map(column -> "---").toList());
        rows.forEach(this::row);
    }

    private void row(List<String> cells) {
        for (String cell : cells) {
            text.append("| ")
                    .append(cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " "))
                    .append(' ');
        }
        text.append("|\n");
    }

    @Override
    public void drawing(String name, String svg) {
        String data = Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8));
        text.append("\n![")
                .append(name)
                .append("](data:image/svg+xml;base64,")
                .append(data)
                .append(")\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
