package io.replog.systemtests.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Commands of the operating system. */
public final class Commands {
    private Commands() {}

    /** Runs a command to its end and answers what it printed. */
    public static String run(String... command) {
        return run(Path.of("."), Map.of(), List.of(command));
    }

    static String run(Path folder, Map<String, String> environment, List<String> command) {
        Result result = attempt(folder, environment, command);
        if (result.status() != 0) {
            throw new IllegalStateException(command + " ended with " + result.status() + ":\n" + result.output());
        }
        return result.output();
    }

    /** Whether the program is installed here. */
    public static boolean exists(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs a command to its end with {@code input}, and answers what it printed. */
    public static String runWithInput(String input, String... command) {
        Result result = attempt(Path.of("."), Map.of(), List.of(command), input);
        if (result.status() != 0) {
            throw new IllegalStateException(
                    List.of(command) + " ended with " + result.status() + ":\n" + result.output());
        }
        return result.output();
    }

    /** Runs a command to its end, however it ends. */
    public static Result attempt(Path folder, Map<String, String> environment, List<String> command) {
        return attempt(folder, environment, command, "");
    }

    private static Result attempt(Path folder, Map<String, String> environment, List<String> command, String input) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(command + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Exit status, and standard output and error together. */
    public record Result(int status, String output) {}
}
