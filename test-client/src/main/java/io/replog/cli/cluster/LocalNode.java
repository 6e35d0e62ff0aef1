package io.replog.cli.cluster;

import io.replog.api.client.NodeClient;
import io.replog.api.client.ReplogException;
import io.replog.api.cluster.NodeHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node of ours: a process that can be started, stopped, killed and held. For one thread at a time. */
public final class LocalNode implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    private final String id;
    private final int port;
    private final Path directory;
    private final List<String> command;
    private final NodeClient client;
    private final NodeClient probe;
    private final NodeGuard guard;
    private @Nullable Process process;

    LocalNode(String id, int port, Path directory, NodeJars.App app, Map<String, String> settings, NodeGuard guard) {
        this.guard = guard;
        this.id = id;
        this.port = port;
        this.directory = directory;
        this.client = NodeClient.of(url(), CALL_TIMEOUT);
        this.probe = NodeClient.of(url(), PROBE_TIMEOUT);
        this.command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(app.options());
        command.addAll(List.of("-jar", app.jar().toString()));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        command.add("--server.port=" + port);
        command.add("--replog.node-id=" + id);
        command.add("--replog.data-dir=" + dataDirectory());
    }

    public String id() {
        return id;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** A client of this node alone. */
    public NodeClient client() {
        return client;
    }

    /** The node's health, empty where it does not answer within a second. */
    public Optional<NodeHealth> health() {
        try {
            return isAlive() ? Optional.of(probe.health()) : Optional.empty();
        } catch (ReplogException e) {
            return Optional.empty();
        }
    }

    public Path dataDirectory() {
        return directory.resolve("data");
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Starts the process; does not wait until it serves. */
    public void start() {
        if (isAlive()) {
            return;
        }
        try {
            Files.createDirectories(directory);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
            builder.environment().keySet().removeIf(name -> name.startsWith("REPLOG_") || name.startsWith("SERVER_"));
            Process started = builder.start();
            guard.watch(started);
            process = started;
        } catch (IOException e) {
            throw new ClusterException("cannot start " + id + ": " + e.getMessage(), e);
        }
    }

    /** SIGKILL: nothing that is not on disk survives. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            awaitExit(running);
        }
    }

    /** SIGTERM: the node hands over and ends. */
    public void stop() {
        Process running = process;
        if (running != null) {
            running.destroy();
            awaitExit(running);
        }
    }

    /** SIGSTOP: the process stands still, its connections stay open. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT: the process goes on where it stood. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(running.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new ClusterException("cannot send SIG" + name + " to " + id, null);
            }
        } catch (IOException e) {
            throw new ClusterException("cannot send SIG" + name + " to " + id + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted", e);
        }
    }

    private void awaitExit(Process running) {
        try {
            if (!running.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the process at once, without waiting: for the end of this program. */
    void abandon() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    /** Where the node's output goes. */
    public Path logFile() {
        return directory.resolve(id + ".log");
    }

    /** The last line of the node's output that says something, for error messages. */
    String lastWords() {
        try {
            return Files.readAllLines(logFile()).stream()
                    .filter(line -> !line.isBlank())
                    .reduce((first, second) -> second)
                    .orElse("it said nothing");
        } catch (IOException e) {
            return "its log cannot be read";
        }
    }

    @Override
    public void close() {
        kill();
        client.close();
        probe.close();
    }
}
