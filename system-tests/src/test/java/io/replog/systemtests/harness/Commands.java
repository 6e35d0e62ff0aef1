package io.replog.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

    /** Runs a command to its end, however it ends. */
    public static Result attempt(Path folder, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
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
