package io.replog.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.cli.cluster.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    @Test
    void leavesNothingRunningAfterCtrlC() throws Exception {
        Process demo = Program.start(Program.command("demo", "failover"));
        try {
            assertThat(Await.until(LIMIT, () -> demo.toHandle().children().count() == 3))
                    .as("three nodes run")
                    .isTrue();
            List<ProcessHandle> nodes =
                    new ArrayList<>(demo.toHandle().children().toList());

            new ProcessBuilder("kill", "-INT", Long.toString(demo.pid()))
                    .start()
                    .waitFor();

            assertThat(demo.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(Await.until(LIMIT, () -> nodes.stream().noneMatch(ProcessHandle::isAlive)))
                    .as("all nodes ended")
                    .isTrue();
        } finally {
            demo.destroyForcibly();
        }
    }
}
