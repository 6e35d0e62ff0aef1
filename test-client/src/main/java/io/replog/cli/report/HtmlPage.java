package io.replog.cli.report;

import java.util.List;

/** One HTML file that needs no other. */
final class HtmlPage implements Page {
    private static final String STYLE = """
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
            table{border-collapse:collapse;margin:.5rem 0}
            td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left;vertical-align:top}
            th{background:#f4f4f4}
            .no{color:#b00020;font-weight:bold}
            svg{max-width:100%;height:auto}
            @media print{body{margin:0}h3{break-after:avoid}svg,tr{break-inside:avoid}}
            """;

    private final StringBuilder text = new StringBuilder(16_384);

    HtmlPage(String title) {
        text.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        element("title", title);
        text.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
        element("h1", title);
    }

    @Override
    public void heading(int level, String heading) {
        element("h" + level, heading);
    }

    @Override
    public void paragraph(String paragraph) {
        element("p", paragraph);
    }

    @Override
    public void paragraph(String label, String paragraph) {
        text.append("<p><strong>").append(Svg.escape(label)).append(".</strong> ");
        text.append(Svg.escape(paragraph)).append("</p>\n");
    }

    @Override
    public void table(List<String> heading, List<List<String>> rows) {
        text.append("<table>\n");
        row("th", heading);
        rows.forEach(row -> row("td", row));
        text.append("</table>\n");
    }

    private void row(String cell, List<String> contents) {
        text.append("<tr>");
        for (String content : contents) {
            boolean stands = content.equals(LaboratoryReport.NOT_HELD);
            text.append('<')
                    .append(cell)
                    .append(stands ? " class=\"no\">" : ">")
                    .append(Svg.escape(content));
            text.append("</").append(cell).append('>');
        }
        text.append("</tr>\n");
    }

    @Override
    public void drawing(String name, String svg) {
        text.append(svg);
    }

    private void element(String name, String content) {
        text.append('<').append(name).append('>').append(Svg.escape(content));
        text.append("</").append(name).append(">\n");
    }

    @Override
    public String toString() {
        return text + "</body>\n</html>\n";
    }
}
