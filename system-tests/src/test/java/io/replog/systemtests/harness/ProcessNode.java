package io.replog.systemtests.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A node as a process of its own: {@code java -jar}. */
public final class ProcessNode extends Node {
    private static final int LOG_TAIL_BYTES = 12_000;

    private final Apps apps;
    private final int port;
    private final Path data;
    private final Path output;
    private final Map<String, String> environment;
    private @Nullable Process process;

    ProcessNode(String id, Http http, Apps apps, int port, Path home, Map<String, String> environment) {
        super(id, http);
        this.apps = apps;
        this.port = port;
        this.data = home.resolve(id);
        this.output = home.resolve(id + ".log");
        this.environment = new HashMap<>(environment);
        this.environment.put("SERVER_PORT", Integer.toString(port));
        this.environment.put("REPLOG_DATA_DIR", data.toString());
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** See {@link ClusterSpec#withTextPorts}. */
    public int textPort() {
        String number = environment.get(ClusterSpec.TEXT_PORT);
        if (number == null) {
            throw new IllegalStateException(id() + " has no text port");
        }
        return Integer.parseInt(number);
    }

    public Path data() {
        return data;
    }

    /** Changes a setting for the next start. */
    public void set(String name, String value) {
        environment.put(name, value);
    }

    @Override
    public void start() {
        List<String> command = new ArrayList<>(apps.command(ClusterSpec.appOf(id())));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .directory(output.getParent().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("REPLOG_") || name.startsWith("SERVER_"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void kill() {
        running().destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    @Override
    public Duration stop() {
        Instant start = Instant.now();
        running().destroy();
        awaitEnd(Duration.ofSeconds(40));
        return Duration.between(start, Instant.now());
    }

    /** Waits for a process that ends by itself, and answers its exit status. */
    public int awaitEnd(Duration atMost) {
        try {
            if (!running().waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(id() + " did not end within " + atMost);
            }
            return running().exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void pause() {
        Signals.stop(running().pid());
    }

    @Override
    public void resume() {
        Signals.resume(running().pid());
    }

    @Override
    public void wipe() {
        delete(data);
    }

    @Override
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public List<String> rollbacks() {
        try (Stream<Path> files = Files.list(data.resolve("rollbacks"))) {
            List<String> lines = new ArrayList<>();
            for (Path file : files.filter(file -> file.toString().endsWith(".ndjson"))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String log() {
        try {
            if (!Files.exists(output)) {
                return "(never started)";
            }
            byte[] all = Files.readAllBytes(output);
            int from = Math.max(0, all.length - LOG_TAIL_BYTES);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    void end() {
        if (process != null && process.isAlive()) {
            kill();
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(id() + " was never started");
        }
        return process;
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
