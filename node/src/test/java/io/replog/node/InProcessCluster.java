package io.replog.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.engine.ReplicatedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Nodes in this process, each an application of its own on a free port and a folder of its own; spoken to over HTTP. */
final class InProcessCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class AnyApplication {}

    private final Path folder;
    private final List<String> settings;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, ConfigurableApplicationContext> nodes = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param settings of all nodes, as {@code property=value} */
    InProcessCluster(Path folder, List<String> ids, String... settings) throws IOException {
        this.folder = folder;
        this.settings = List.of(settings);
        List<ServerSocket> sockets = new ArrayList<>();
        for (String id : ids) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.put(id, socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }

    void startAll() {
        ports.keySet().forEach(this::start);
    }

    void start(String id) {
        String members = String.join(
                ",",
                ports.entrySet().stream()
                        .map(each -> each.getKey() + "=http://127.0.0.1:" + each.getValue())
                        .toList());
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=" + ports.get(id),
                "--replog.node-id=" + id,
                "--replog.founder=" + id.equals("master"),
                "--replog.members=" + members,
                "--replog.data-dir=" + folder(id)));
        settings.forEach(setting -> arguments.add("--" + setting));
        nodes.put(id, new SpringApplicationBuilder(AnyApplication.class).run(arguments.toArray(String[]::new)));
    }

    void stop(String id) {
        nodes.remove(id).close();
    }

    Path folder(String id) {
        return folder.resolve(id);
    }

    ReplicaStatus status(String id) {
        return nodes.get(id).getBean(ReplicatedLog.class).status();
    }

    /** Waits until {@code id} leads and all that run know who leads. */
    void awaitLeader(String id) {
        await(() -> status(id).role() == Role.LEADER && allKnowALeader());
    }

    void awaitLeaderOtherThan(String id) {
        await(() -> allKnowALeader()
                && nodes.keySet().stream()
                        .noneMatch(node -> String.valueOf(status(node).leader()).equals(id)));
    }

    void awaitAllCaughtUp() {
        await(() -> nodes.keySet().stream().noneMatch(node -> status(node).catchingUp()));
    }

    static void await(BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    HttpResponse<String> post(String id, String text, String w) throws IOException, InterruptedException {
        return send(id, "/messages?timeout=30s&w=" + w, "POST", "{\"message\":\"" + text + "\"}");
    }

    HttpResponse<String> get(String id, String path) throws IOException, InterruptedException {
        return send(id, path, "GET", "");
    }

    HttpResponse<String> send(String id, String path, String method, String json)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(id) + path));
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        request.method(method, HttpRequest.BodyPublishers.ofString(json));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        nodes.values().forEach(ConfigurableApplicationContext::close);
        http.close();
    }

    private boolean allKnowALeader() {
        return nodes.keySet().stream().allMatch(node -> status(node).leader() != null);
    }
}
