package io.replog.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NodeGuardTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path temporary;

    private Path folder;
    private NodeGuard guard;

    @BeforeEach
    void watch() throws IOException {
        folder = Files.createDirectories(temporary.resolve("it's a folder/data"));
        Files.writeString(folder.resolve("log"), "entry");
        guard = new NodeGuard(folder);
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process process() throws IOException {
        Process process = new ProcessBuilder("sleep", "600").start();
        started.add(process);
        return process;
    }

    @Test
    void endsWhatItWatchesAlsoWhereThatIsStoppedAndRemovesItsData() throws Exception {
        Process running = process();
        Process stopped = process();
        Process ofSomebodyElse = process();
        guard.watch(running);
        guard.watch(stopped);
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(stopped.pid()))
                        .start()
                        .waitFor())
                .isZero();

        guard.close();

        assertThat(running.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(stopped.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ofSomebodyElse.isAlive()).isTrue();
        assertThat(folder).doesNotExist();
        assertThat(folder.getParent()).exists();
    }

    @Test
    void forgetsWhatHasEndedByItself() throws Exception {
        Process first = process();
        Process second = process();
        guard.watch(first);
        guard.watch(second);
        first.destroyForcibly().waitFor();

        guard.close();

        assertThat(second.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(folder).doesNotExist();
    }
}
