package io.replog.cli;

import io.replog.cli.cluster.ClusterException;
import io.replog.cli.demo.Demonstrations;
import io.replog.cli.report.LaboratoryReport;
import io.replog.cli.report.Story;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Shows on nodes of its own what replog promises, and fails where a promise is broken.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  replog-test-client demo self-check",
            "  replog-test-client demo split-brain --report split-brain.html",
            "  replog-test-client demo all --report report.md",
        })
final class DemoCommand implements Callable<Integer> {
    @ParentCommand
    private TestClient root;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private String name;

    @Option(names = "--report", paramLabel = "FILE", description = "Write it up, as FILE.md or FILE.html.")
    private @Nullable Path report;

    @Mixin
    private NodeJarsSwitch jars;

    @Override
    public Integer call() {
        if (!Demonstrations.names().contains(name)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "unknown demonstration '" + name + "'" + Suggestion.of(name, Demonstrations.names())
                            + "; accepted is one of " + String.join(", ", Demonstrations.names()));
        }
        if (report != null) {
            if (!LaboratoryReport.accepts(report)) {
                throw new ParameterException(
                        spec.commandLine(), "--report '" + report + "': accepted is a name that ends in .md or .html");
            }
            OutputFile.require("--report", report);
        }
        List<Story> stories = Demonstrations.perform(name, jars.find(), root.console(), root.json());
        if (report != null) {
            write(report, stories);
        }
        if (root.json()) {
            root.console().json(stories.stream().map(DemoCommand::toJson).toList());
        }
        boolean held = stories.stream().allMatch(Story::succeeded);
        if (!held) {
            List<String> failed = stories.stream()
                    .filter(story -> !story.succeeded())
                    .map(Story::name)
                    .toList();
            root.console().error("a promise was broken, or could not be shown, in: " + String.join(", ", failed));
        }
        return held ? ExitStatus.DONE : ExitStatus.REFUSED;
    }

    private void write(Path file, List<Story> stories) {
        try {
            LaboratoryReport.write(file, stories);
            if (!root.json()) {
                root.console().line("report: " + file);
            }
        } catch (IOException e) {
            throw new ClusterException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, @Nullable Object> toJson(Story story) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", story.name());
        json.put("held", story.succeeded());
        json.put("seconds", story.seconds());
        json.put("failure", story.failure());
        json.put("observations", story.observations());
        json.put("checks", story.checks());
        return json;
    }

    /** For help and completion. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Demonstrations.names().iterator();
        }
    }
}
