package io.replog.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.cli.cluster.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each in a process of its own, some at a time: most of their time is waiting. */
@Execution(ExecutionMode.CONCURRENT)
class DemonstrationsIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "blocking",
                "write-concern",
                "backup",
                "crash",
                "omission",
                "failover",
                "sequential",
                "split-brain"
            })
    void holdsAndIsWrittenUp(String name, @TempDir Path folder) throws IOException {
        Path report = folder.resolve(name + ".html");

        Program.Result result = Program.run("demo", name, "--json", "--report", report.toString());

        result.assertDone();
        JsonNode story = JSON.readTree(result.out()).path(0);
        assertThat(story.path("name").asString()).isEqualTo(name);
        assertThat(story.path("held").asBoolean()).isTrue();
        assertThat(story.path("observations").size()).isPositive();
        String html = Files.readString(report);
        assertThat(html)
                .contains("Environment", "Steps", "Observations", "Timeline", "<svg", "Analysis", "Limits")
                .contains("All promises were held in 1 experiment.")
                .doesNotContain("class=\"no\"");
        for (JsonNode seen : story.path("observations")) {
            assertThat(html).contains(seen.path("value").asString());
        }
    }

    @Test
    void tellsInPlainWordsWithTimes(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("self-check.md");

        Program.Result result = Program.run("demo", "self-check", "--report", report.toString());

        result.assertDone();
        assertThat(result.out())
                .contains("A blocked write holds nobody back", "Starting secondary-2.", "HELD self-check in")
                .containsPattern("[0-9]+\\.[0-9]{2} s  promise held: Msg3 completes")
                .doesNotContain("BROKEN");
        assertThat(Files.readString(report)).contains("## Environment", "data:image/svg+xml;base64,", "### Limits");
    }

    /** Neither told to end, as by Ctrl-C, nor by a death that leaves it no time. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void leavesNothingBehindHoweverItEnds(String signal) throws Exception {
        Process demo = Program.start(Program.command("demo", "failover"));
        try {
            assertThat(Await.until(LIMIT, () -> nodesOf(demo).size() == 3))
                    .as("three nodes run")
                    .isTrue();
            List<ProcessHandle> nodes = nodesOf(demo);
            List<Path> folders = nodes.stream().map(DemonstrationsIT::dataOf).toList();
            assertThat(Await.until(LIMIT, () -> folders.stream().allMatch(Files::exists)))
                    .as("they have data in %s", folders)
                    .isTrue();

            int sent = new ProcessBuilder("kill", "-" + signal, Long.toString(demo.pid()))
                    .start()
                    .waitFor();

            assertThat(sent).isZero();
            assertThat(demo.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(Await.until(LIMIT, () -> nodes.stream().noneMatch(ProcessHandle::isAlive)))
                    .as("all nodes ended")
                    .isTrue();
            assertThat(Await.until(LIMIT, () -> folders.stream().noneMatch(Files::exists)))
                    .as("their data is gone")
                    .isTrue();
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void failsLoudlyWhereItCannotBeCarriedThrough(@TempDir Path folder) throws Exception {
        Path report = folder.resolve("broken.md");
        Process demo = Program.start(Program.command("demo", "blocking", "--report", report.toString()));
        try {
            assertThat(Await.until(LIMIT, () -> nodesOf(demo).size() == 3))
                    .as("three nodes run")
                    .isTrue();

            nodesOf(demo).forEach(ProcessHandle::destroyForcibly);

            String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(demo.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(demo.waitFor()).isEqualTo(1);
            assertThat(out).contains("FAILED blocking in").doesNotContain("HELD");
            assertThat(err.lines()).singleElement().asString().startsWith("error: a promise was broken");
            assertThat(Files.readString(report))
                    .contains("1 of 1 experiments failed: blocking", "Not carried through: node ");
        } finally {
            demo.destroyForcibly();
        }
    }

    private static List<ProcessHandle> nodesOf(Process demo) {
        return demo.toHandle()
                .children()
                .filter(child -> argument(child, "--replog.data-dir=").isPresent())
                .toList();
    }

    private static Path dataOf(ProcessHandle node) {
        return Path.of(argument(node, "--replog.data-dir=").orElseThrow());
    }

    private static Optional<String> argument(ProcessHandle process, String name) {
        return process.info().arguments().stream()
                .flatMap(Arrays::stream)
                .filter(argument -> argument.startsWith(name))
                .map(argument -> argument.substring(name.length()))
                .findFirst();
    }
}
