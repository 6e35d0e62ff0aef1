package io.replog.cli.report;

import io.replog.cli.report.Story.Check;
import io.replog.cli.report.Story.Observation;
import io.replog.cli.report.Story.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes experiments up: environment, steps, observations, a timeline, analysis and limits. As HTML or Markdown; either is
 * one file that needs no other.
 */
public final class LaboratoryReport {
    private LaboratoryReport() {}

    /** Whether a report can be written under this name. */
    public static boolean accepts(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".md") || name.endsWith(".html");
    }

    /** Writes the report, in the form that the file's name asks for. */
    public static void write(Path file, List<Story> stories) throws IOException {
        boolean html = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".html");
        Map<String, String> environment = Environment.facts();
        Files.writeString(file, html ? html(stories, environment) : markdown(stories, environment));
    }

    static String markdown(List<Story> stories, Map<String, String> environment) {
        StringBuilder text = new StringBuilder(8192);
        text.append("# Laboratory report: ").append(title(stories)).append("\n\n");
        text.append(summary(stories)).append("\n\n## Environment\n\n| | |\n|---|---|\n");
        environment.forEach((name, value) -> row(text, name, value));
        for (Story story : stories) {
            text.append("\n## ").append(story.title()).append("\n\n");
            text.append("**Question.** ").append(story.question()).append("\n\n");
            text.append("**Set-up.** ").append(story.setup()).append("\n\n");
            text.append("**Result.** ").append(result(story)).append("\n\n### Steps\n\n| time | step |\n|--:|---|\n");
            story.steps().forEach(step -> row(text, time(step.at()), step.text()));
            text.append("\n### Observations\n\n| measured | value |\n|---|--:|\n");
            story.observations().forEach(seen -> row(text, seen.what(), seen.value()));
            text.append("\n| promise | held | seen |\n|---|---|---|\n");
            for (Check check : story.checks()) {
                row(text, check.promise(), check.held() ? "yes" : "**NO**", check.seen());
            }
            String drawing =
                    Base64.getEncoder().encodeToString(Timeline.draw(story).getBytes(StandardCharsets.UTF_8));
            text.append("\n### Timeline\n\n![Timeline of ").append(story.name());
            text.append("](data:image/svg+xml;base64,").append(drawing).append(")\n");
            text.append("\n### Analysis\n\n").append(analysis(story)).append("\n");
            text.append("\n### Limits\n\n").append(story.limits()).append("\n");
        }
        return text.toString();
    }

    private static void row(StringBuilder text, String... cells) {
        for (String cell : cells) {
            text.append("| ")
                    .append(cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " "))
                    .append(' ');
        }
        text.append("|\n");
    }

    static String html(List<Story> stories, Map<String, String> environment) {
        StringBuilder text = new StringBuilder(16_384);
        String title = "Laboratory report: " + title(stories);
        text.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
                .append(Svg.escape(title))
                .append("</title>\n<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;"
                        + "padding:0 1rem}table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #ccc;"
                        + "padding:.2rem .6rem;text-align:left;vertical-align:top}.no{color:#b00020;font-weight:bold}"
                        + "svg{max-width:100%;height:auto}</style>\n</head>\n<body>\n");
        element(text, "h1", title);
        element(text, "p", summary(stories));
        element(text, "h2", "Environment");
        text.append("<table>\n");
        environment.forEach((name, value) -> htmlRow(text, "td", name, value));
        text.append("</table>\n");
        for (Story story : stories) {
            element(text, "h2", story.title());
            element(text, "p", "Question. " + story.question());
            element(text, "p", "Set-up. " + story.setup());
            element(text, "p", "Result. " + result(story));
            element(text, "h3", "Steps");
            text.append("<table>\n");
            htmlRow(text, "th", "time", "step");
            for (Step step : story.steps()) {
                htmlRow(text, "td", time(step.at()), step.text());
            }
            text.append("</table>\n");
            element(text, "h3", "Observations");
            text.append("<table>\n");
            htmlRow(text, "th", "measured", "value");
            for (Observation seen : story.observations()) {
                htmlRow(text, "td", seen.what(), seen.value());
            }
            text.append("</table>\n<table>\n");
            htmlRow(text, "th", "promise", "held", "seen");
            for (Check check : story.checks()) {
                htmlRow(
                        text,
                        check.held() ? "td" : "td class=\"no\"",
                        check.promise(),
                        check.held() ? "yes" : "NO",
                        check.seen());
            }
            text.append("</table>\n");
            element(text, "h3", "Timeline");
            text.append(Timeline.draw(story));
            element(text, "h3", "Analysis");
            element(text, "p", analysis(story));
            element(text, "h3", "Limits");
            element(text, "p", story.limits());
        }
        return text.append("</body>\n</html>\n").toString();
    }

    private static void element(StringBuilder text, String name, String content) {
        text.append('<').append(name).append('>').append(Svg.escape(content));
        text.append("</").append(name).append(">\n");
    }

    private static void htmlRow(StringBuilder text, String cell, String... cells) {
        text.append("<tr>");
        for (String content : cells) {
            text.append('<').append(cell).append('>').append(Svg.escape(content));
            text.append("</").append(cell, 0, 2).append('>');
        }
        text.append("</tr>\n");
    }

    private static String title(List<Story> stories) {
        return stories.size() == 1 ? stories.getFirst().title() : "what a replicated log promises";
    }

    private static String summary(List<Story> stories) {
        long held = stories.stream().filter(Story::succeeded).count();
        return held == stories.size()
                ? "All promises were held in " + stories.size()
                        + (stories.size() == 1 ? " experiment." : " experiments.")
                : (stories.size() - held) + " of " + stories.size() + " experiments failed: "
                        + String.join(
                                ", ",
                                stories.stream()
                                        .filter(story -> !story.succeeded())
                                        .map(Story::name)
                                        .toList())
                        + ".";
    }

    private static String result(Story story) {
        if (story.failure() != null) {
            return "Not carried through: " + story.failure();
        }
        long held = story.checks().stream().filter(Check::held).count();
        return String.format(
                Locale.ROOT,
                "%d of %d promises held; it took %.1f s.",
                held,
                story.checks().size(),
                story.seconds());
    }

    private static String analysis(Story story) {
        if (story.succeeded()) {
            return story.analysis();
        }
        List<String> broken = story.checks().stream()
                .filter(check -> !check.held())
                .map(check -> check.promise() + " (" + check.seen() + ")")
                .toList();
        return "The experiment failed. "
                + (broken.isEmpty() ? String.valueOf(story.failure()) : "Broken: " + String.join("; ", broken) + ".");
    }

    private static String time(double at) {
        return String.format(Locale.ROOT, "%.2f s", at);
    }
}
