package io.replog.cli.report;

import io.replog.cli.report.Story.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes experiments up: environment, steps, observations, a timeline, analysis and limits. As HTML or Markdown; either is
 * one file that needs no other.
 */
public final class LaboratoryReport {
    /** Stands where a promise was broken. */
    static final String NOT_HELD = "NO";

    private static final int MOST_EVENTS = 60;

    private LaboratoryReport() {}

    /** Whether a report can be written under this name. */
    public static boolean accepts(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".md") || name.endsWith(".html");
    }

    /** Writes the report, in the form that the file's name asks for. */
    public static void write(Path file, List<Story> stories) throws IOException {
        boolean html = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".html");
        Files.writeString(file, text(html, stories, Environment.facts()));
    }

    static String text(boolean html, List<Story> stories, Map<String, String> environment) {
        String title = "Laboratory report: "
                + (stories.size() == 1 ? stories.getFirst().title() : "what a replicated log promises");
        Page page = html ? new HtmlPage(title) : new MarkdownPage(title);
        page.paragraph(summary(stories));
        page.heading(2, "Environment");
        page.table(
                List.of("what", "value"),
                environment.entrySet().stream()
                        .map(fact -> List.of(fact.getKey(), fact.getValue()))
                        .toList());
        page.paragraph("Times are seconds since the beginning of the experiment. What the client did is timed by its"
                + " monotonic clock (System.nanoTime); what nodes report carries their wall clock, which on one machine is"
                + " the same for all, to the millisecond. Each value is a single measurement.");
        for (Story story : stories) {
            tell(page, story);
        }
        return page.toString();
    }

    private static void tell(Page page, Story story) {
        page.heading(2, story.title());
        page.paragraph("Question", story.question());
        page.paragraph("Set-up", story.setup());
        page.paragraph("To repeat it", "replog-test-client demo " + story.name());
        page.paragraph("Result", result(story));
        page.heading(3, "Steps");
        page.table(
                List.of("time", "step"),
                story.steps().stream()
                        .map(step -> List.of(time(step.at()), step.text()))
                        .toList());
        page.heading(3, "Observations");
        page.table(
                List.of("measured", "value"),
                story.observations().stream()
                        .map(seen -> List.of(seen.what(), seen.value()))
                        .toList());
        page.table(
                List.of("time", "promise", "held", "seen"),
                story.checks().stream()
                        .map(check -> List.of(
                                time(check.at()), check.promise(), check.held() ? "yes" : NOT_HELD, check.seen()))
                        .toList());
        page.heading(3, "Timeline");
        page.drawing("Timeline of " + story.name(), Timeline.draw(story));
        reports(page, story.events());
        page.heading(3, "Analysis");
        page.paragraph(analysis(story));
        page.heading(3, "Limits");
        page.paragraph(story.limits());
    }

    private static void reports(Page page, List<Story.Event> events) {
        if (events.isEmpty()) {
            return;
        }
        page.heading(3, "What the nodes reported");
        page.table(
                List.of("time", "node", "event"),
                events.stream()
                        .limit(MOST_EVENTS)
                        .map(event -> List.of(time(event.at()), event.node(), event.what()))
                        .toList());
        if (events.size() > MOST_EVENTS) {
            page.paragraph("The " + (events.size() - MOST_EVENTS) + " reports that followed are left out.");
        }
    }

    private static String summary(List<Story> stories) {
        long held = stories.stream().filter(Story::succeeded).count();
        if (held == stories.size()) {
            return "All promises were held in " + stories.size()
                    + (stories.size() == 1 ? " experiment." : " experiments.");
        }
        List<String> failed = stories.stream()
                .filter(story -> !story.succeeded())
                .map(Story::name)
                .toList();
        return failed.size() + " of " + stories.size() + " experiments failed: " + String.join(", ", failed) + ".";
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
