package io.replog.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.cli.report.Story.Mark;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class LaboratoryReportTest {
    private static Story story(boolean held) {
        Story story = new Story("crash", "The primary crashes", "Does <it> hurt?");
        story.setup("3 nodes");
        story.lane("client");
        story.step(0.5, "Posting | waiting");
        story.observe("time to a new leader", "1.24 s");
        story.check(1.5, "nothing is lost", held, "10 of 10");
        story.event(0.4, "master", "becomes leader in term 1");
        story.span("master", 0.4, 0.7, Mark.LEADS, "leads, term 1");
        story.span("master", 0.7, 2, Mark.FAULT, "halted");
        story.span("client", 0.5, 0.6, Mark.DONE, "PUT <key>");
        story.analysis("It took an election.");
        story.limits("One machine.");
        story.end(3, null);
        return story;
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void writesHtmlWithTheTimelineInside(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.html");

        LaboratoryReport.write(file, List.of(story(true)));

        String html = Files.readString(file);
        assertThat(html)
                .contains("Environment", "Processors", "Steps", "Observations", "1.24 s", "Analysis", "Limits")
                .contains("It took an election.", "One machine.", "1 of 1 promises held", "Does &lt;it&gt; hurt?");
        String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + "</svg>".length());
        Document drawing = parse(svg);
        assertThat(drawing.getElementsByTagName("rect").getLength()).isGreaterThanOrEqualTo(2);
        assertThat(drawing.getDocumentElement().getTextContent())
                .contains("client", "master", "leads, term 1", "halted", "PUT <key>");
    }

    @Test
    void writesMarkdownWithTheTimelineInside(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.md");

        LaboratoryReport.write(file, List.of(story(true)));

        String markdown = Files.readString(file);
        assertThat(markdown)
                .contains("## Environment", "### Steps", "### Observations", "### Analysis", "### Limits")
                .contains("| 0.50 s | Posting \\| waiting |", "| time to a new leader | 1.24 s |")
                .contains("| 0.40 s | master | becomes leader in term 1 |");
        Matcher drawing =
                Pattern.compile("data:image/svg\\+xml;base64,([A-Za-z0-9+/=]+)").matcher(markdown);
        assertThat(drawing.find()).isTrue();
        parse(new String(Base64.getDecoder().decode(drawing.group(1)), StandardCharsets.UTF_8));
    }

    @Test
    void saysLoudlyWhatWasBroken() {
        Story broken = story(false);

        String markdown = LaboratoryReport.text(false, List.of(story(true), broken), Environment.facts());

        assertThat(broken.succeeded()).isFalse();
        assertThat(markdown)
                .contains("1 of 2 experiments failed: crash", "| NO |", "Broken: nothing is lost (10 of 10)");
    }

    @Test
    void aStoryThatBrokeOffOrShowedNothingDidNotSucceed() {
        Story silent = new Story("x", "X", "?");
        silent.end(1, null);
        Story brokeOff = story(true);
        brokeOff.end(1, "no node leads");

        assertThat(silent.succeeded()).isFalse();
        assertThat(brokeOff.succeeded()).isFalse();
        assertThat(LaboratoryReport.text(true, List.of(brokeOff), Environment.facts()))
                .contains("Not carried through: no node leads");
    }
}
