package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Three replog nodes, as {@code ./replog up} starts them. */
final class ReplogCluster extends Server {
    static final List<String> NODES = List.of("master", "secondary-1", "secondary-2");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final Path project;
    private final Map<String, String> settings;
    private final List<String> options;
    private final int port = freeRange(2 * NODES.size());
    private final int textPort = port + NODES.size();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /**
     * @param settings environment of the nodes
     * @param options  of {@code ./replog up}
     */
    ReplogCluster(Path project, Map<String, String> settings, String... options) throws IOException {
        this.project = project;
        this.settings = new HashMap<>(settings);
        this.options = List.of(options);
        up();
    }

    private void up() throws IOException {
        List<String> words = new ArrayList<>(List.of("up", "--detach"));
        words.addAll(List.of("--port", Integer.toString(port), "--text-port", Integer.toString(textPort)));
        words.addAll(options);
        run(words.toArray(String[]::new));
        awaitAllHealthy();
    }

    /** Starts {@code ./replog} with these words for this cluster, and does not wait for it. */
    private Process command(Path said, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(project.resolve("replog").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("--data", data().toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(settings);
        return builder.start();
    }

    /** {@code ./replog} with these words, to its end; what it says is part of the exception where it fails. */
    private void run(String... words) throws IOException {
        Path said = Files.createTempFile(folder(), words[0], ".log");
        if (command(said, words).onExit().join().exitValue() != 0) {
            throw new IOException("./replog " + String.join(" ", words) + " failed:\n" + Files.readString(said));
        }
    }

    /** Ends all nodes, and starts them with these environment variables beside those that they had. */
    void restart(Map<String, String> more) throws IOException {
        run("down");
        settings.putAll(more);
        up();
    }

    /** Where each node has a folder of its name. */
    Path data() {
        return folder().resolve("data");
    }

    @Override
    InetSocketAddress address() {
        return address("master");
    }

    InetSocketAddress address(String node) {
        return local(port + NODES.indexOf(node));
    }

    /** Where the master takes the text protocol. */
    InetSocketAddress textAddress() {
        return local(textPort);
    }

    /** As {@code kill -9}; returns when the signal is sent. */
    void kill(String node) throws IOException {
        process(node).destroyForcibly();
    }

    /** As {@link #kill}; returns when the process has ended. */
    void killAndAwait(String node) throws IOException {
        kill(node);
        awaitEnd(node);
    }

    /** Ends the node gracefully; returns when it has ended. */
    void stop(String node) throws IOException {
        run("stop", node);
    }

    /** The process that was started for the node last. */
    ProcessHandle process(String node) throws IOException {
        return handle(node).orElseThrow(() -> new IOException(node + " does not run"));
    }

    /** Empty where it has ended. */
    private Optional<ProcessHandle> handle(String node) throws IOException {
        Path file = data().resolve(".cluster").resolve(node + ".pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String line = Files.readString(file);
        return ProcessHandle.of(Long.parseLong(line.substring(0, line.indexOf(' '))));
    }

    /** Processor time that the node has taken since its start. */
    Duration cpu(String node) throws IOException {
        return process(node).info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Bytes of the node that are resident now, as Linux has it. */
    long residentBytes(String node) throws IOException {
        Path status = Path.of("/proc", Long.toString(process(node).pid()), "status");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmRSS in " + status);
    }

    /** Takes the disk of a node that was killed away. */
    void wipe(String node) throws IOException {
        awaitEnd(node);
        try (Stream<Path> files = Files.walk(data().resolve(node))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Starts a node that was killed or stopped, does not wait for it. */
    void start(String node) throws IOException {
        awaitEnd(node);
        Path said = Files.createTempFile(folder(), "start", ".log");
        Process command = command(said, "start", node);
        Thread.ofVirtual().start(() -> {
            if (command.onExit().join().exitValue() != 0) {
                System.err.println("./replog start " + node + " failed, see " + said);
            }
        });
    }

    /** A node that was sent its signal may still hold its port and its files. */
    private void awaitEnd(String node) throws IOException {
        handle(node).ifPresent(process -> process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join());
    }

    void awaitAllHealthy() {
        until("all see each other", () -> NODES.stream().allMatch(this::isReady) && allAreHealthy());
    }

    /** Whether it answers, and is ready. */
    boolean isReady(String node) {
        return get(node, "/readyz").statusCode() == 200;
    }

    private boolean allAreHealthy() {
        JsonNode members = health(leader()).get("members");
        for (JsonNode member : members) {
            if (!member.get("status").asString().equals("Healthy")) {
                return false;
            }
        }
        return !members.isEmpty();
    }

    /** The node that leads a majority, as itself says. */
    String leader() {
        List<String> found = new ArrayList<>();
        until("a node leads", () -> {
            for (String node : NODES) {
                JsonNode health = health(node);
                if (health.path("role").asString("").equals("leader")
                        && health.path("quorum").asBoolean(false)) {
                    found.add(node);
                    return true;
                }
            }
            return false;
        });
        return found.getFirst();
    }

    /** What it says at {@code /health}; an empty object where it does not answer. */
    JsonNode health(String node) {
        return json(node, "/health");
    }

    /** Up to where the node itself holds the log durably, 0 where it does not say so. */
    long durableIndex(String node) {
        for (JsonNode member : json(node, "/cluster").path("members")) {
            if (member.path("id").asString("").equals(node)) {
                return member.path("matchIndex").asLong(0);
            }
        }
        return 0;
    }

    private JsonNode json(String node, String path) {
        try {
            return JSON.readTree(get(node, path).body());
        } catch (UncheckedIOException e) {
            return JSON.createObjectNode();
        }
    }

    private HttpResponse<String> get(String node, String path) {
        try {
            HttpRequest request =
                    request(node, path).timeout(Duration.ofSeconds(2)).GET().build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Replaces what goes wrong at the node, see {@code /faults}. */
    void faults(String node, String json) throws IOException {
        HttpRequest request = request(node, "/faults")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json))
                .build();
        int status = http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .join()
                .statusCode();
        if (status != 200) {
            throw new IOException("faults were answered with " + status);
        }
    }

    /** @return the status, or an {@link IOException} */
    CompletableFuture<Integer> post(String node, String path, String contentType, String body) {
        HttpRequest request = request(node, path)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    private HttpRequest.Builder request(String node, String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + address(node).getPort() + path));
    }

    /** Polls until it holds; a node that does not answer counts as "not yet". */
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + PATIENCE + ": " + what);
            }
            pause(Duration.ofMillis(20));
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    static void pause(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        http.shutdownNow();
        try {
            run("down");
        } finally {
            super.close();
        }
    }
}
