package io.replog.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.cli.cluster.NodeJars;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Runs the packaged command line as a process of its own. */
final class Program {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final Path JAR = Path.of(System.getProperty("replog.client", "target/replog-test-client.jar"))
            .toAbsolutePath();

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

    /** The applications, prepared for a fast start. */
    static NodeJars jars() {
        return NodeJars.find(Prepared.ROOT);
    }

    static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(Prepared.OPTIONS);
        command.addAll(List.of("-Duser.home=" + Prepared.HOME, "-jar", JAR.toString()));
        command.addAll(List.of(args));
        return command;
    }

    /** Starts it; the nodes' jars are found through {@code REPLOG_HOME}. */
    static Process start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("REPLOG_HOME", Prepared.ROOT.toString());
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
            // Not futures: a thread of JUnit's pool that waits for one may run another test meanwhile.
            AtomicReference<String> out = new AtomicReference<>("");
            AtomicReference<String> err = new AtomicReference<>("");
            Thread outReader = Thread.ofVirtual().start(() -> out.set(text(process.getInputStream())));
            Thread errReader = Thread.ofVirtual().start(() -> err.set(text(process.getErrorStream())));
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it did not end: " + command);
            }
            outReader.join();
            errReader.join();
            return new Result(process.exitValue(), out.get(), err.get());
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

    /** What is done once so that the many processes of the tests start fast. */
    private static final class Prepared {
        /** Not the home of who runs the tests: the shell's history is kept there. */
        static final Path HOME = JAR.resolveSibling("it-home");

        static final Path ROOT = Path.of(System.getProperty("replog.home", ".."))
                .toAbsolutePath()
                .normalize();

        static final List<String> OPTIONS = options();

        private Prepared() {}

        /** A cache of the classes that a command needs (JEP 483, 514); and the nodes', which start without it too. */
        private static List<String> options() {
            Path cache = JAR.resolveSibling("it-client.aot");
            try {
                Files.createDirectories(HOME);
                Files.deleteIfExists(cache);
                ProcessBuilder nodes = new ProcessBuilder(
                        "bin/unpack-apps",
                        ROOT.resolve("target/apps").toString(),
                        ROOT.resolve("master/target/replog-master.jar").toString(),
                        ROOT.resolve("secondary/target/replog-secondary.jar").toString());
                nodes.environment().put("JAVA_HOME", System.getProperty("java.home"));
                run(nodes.directory(ROOT.toFile()));
                List<String> training = List.of(
                        JAVA,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:AOTCacheOutput=" + cache,
                        "-Xlog:aot=off",
                        "-jar",
                        JAR.toString(),
                        "post",
                        "x",
                        "--json",
                        "--timeout=100ms",
                        "--url=127.0.0.1:1");
                run(new ProcessBuilder(training));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Files.exists(cache) ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off") : List.of();
        }

        private static void run(ProcessBuilder command) throws IOException, InterruptedException {
            command.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }
}
