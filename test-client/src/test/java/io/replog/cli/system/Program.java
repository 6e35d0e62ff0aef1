package io.replog.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the packaged command line as a process of its own. */
final class Program {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private Program() {}

    /** What a run said and how it ended. */
    record Result(int status, String out, String err) {
        void assertDone() {
            assertThat(status).as("%s%n%s", out, err).isZero();
            assertThat(err).doesNotContain("Exception", "\tat ");
        }

        /** It failed with one clear line. */
        void assertFailed(int expected, String... words) {
            assertThat(status).as("%s%n%s", out, err).isEqualTo(expected);
            assertThat(err.lines()).allMatch(line -> line.startsWith("error: ")).isNotEmpty();
            assertThat(err).contains(words);
        }
    }

    static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("replog.client", "target/replog-test-client.jar")));
        command.addAll(List.of(args));
        return command;
    }

    /** Starts it; the nodes' jars are found through {@code REPLOG_HOME}. */
    static Process start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("REPLOG_HOME", System.getProperty("replog.home", ".."));
        builder.environment().put("TERM", "xterm");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Result run(String... args) {
        return run(command(args), "");
    }

    /** Runs it to its end with this input. */
    static Result run(List<String> command, String input) {
        Process process = start(command);
        try {
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it did not end: " + command);
            }
            return new Result(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs it on a pseudo-terminal; what it says on both streams comes as out. */
    static Result runOnTerminal(String input, String... args) {
        return run(
                List.of("script", "-qec", "stty rows 24 cols 100; " + String.join(" ", command(args)), "/dev/null"),
                input);
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
