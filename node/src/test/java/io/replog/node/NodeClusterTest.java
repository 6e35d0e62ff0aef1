package io.replog.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Three nodes in this process, each an application of its own on a free port and a folder of its own. */
class NodeClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> IDS = List.of("master", "secondary-1", "secondary-2");

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class AnyApplication {}

    @TempDir
    Path folder;

    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, ConfigurableApplicationContext> nodes = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void choosePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (String id : IDS) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.put(id, socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }

    @AfterEach
    void stopAll() {
        nodes.values().forEach(ConfigurableApplicationContext::close);
        http.close();
    }

    @Test
    void founds_stores_everywhere_fails_over_and_takes_a_node_back() throws IOException, InterruptedException {
        // given
        IDS.forEach(this::start);
        awaitLeader("master");

        // when
        HttpResponse<String> stored = post("master", "one", "all");

        // then
        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(stored.body()).contains("\"id\":1", "\"committed\":true");
        for (String id : IDS) {
            assertThat(get(id, "/messages").body())
                    .isEqualTo("{\"messages\":[{\"id\":1,\"message\":\"one\"}],\"lastId\":1}");
        }
        assertThat(get("secondary-1", "/readyz").statusCode()).isEqualTo(200);

        // when a write waits for a member that is down
        nodes.remove("secondary-2").close();
        assertThat(post("master", "two", "2").statusCode()).isEqualTo(201);
        start("secondary-2");

        // then it catches up
        assertThat(get("secondary-2", "/messages?min_index=" + lastIndex("master") + "&wait=30s")
                        .body())
                .contains("{\"id\":2,\"message\":\"two\"}],\"lastId\":2");

        // when the leader goes
        nodes.remove("master").close();

        // then another one leads, with all that was acknowledged
        awaitLeaderOtherThan("master");
        assertThat(post("secondary-1", "three", "majority").statusCode()).isEqualTo(201);

        // when it comes back
        start("master");

        // then it follows and has it all
        assertThat(post("master", "four", "all").statusCode()).isEqualTo(201);
        assertThat(get("master", "/messages").body())
                .isEqualTo("{\"messages\":[{\"id\":1,\"message\":\"one\"},{\"id\":2,\"message\":\"two\"},"
                        + "{\"id\":3,\"message\":\"three\"},{\"id\":4,\"message\":\"four\"}],\"lastId\":4}");
        assertThat(log("master").status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void waits_replaces_the_delay_and_halts_nothing_else_by_faults() throws IOException, InterruptedException {
        // given
        IDS.forEach(this::start);
        awaitLeader("master");
        awaitHealthy();

        // when
        HttpResponse<String> refused = send("secondary-1", "/faults", "PUT", "{\"delay\":\"1s\",\"colour\":1}");
        HttpResponse<String> delayed = send("secondary-1", "/faults", "PUT", "{\"delay\":\"1s\"}");

        // then
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("unknown field 'colour'");
        assertThat(delayed.body()).contains("\"delay\":\"1000ms\"");
        long begin = System.nanoTime();
        assertThat(post("master", "slow", "all").statusCode()).isEqualTo(201);
        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofSeconds(1).toNanos());

        // when
        send("secondary-1", "/faults", "DELETE", "");
        send("master", "/faults", "PUT", "{\"clients\":{\"dropRequests\":1}}");

        // then
        assertThatThrownBy(() -> post("master", "dropped", "1")).isInstanceOf(IOException.class);
        assertThat(get("master", "/cluster").statusCode()).isEqualTo(200);
        send("master", "/faults", "PUT", "{\"clients\":{\"errorRate\":1}}");
        assertThat(post("master", "stored", "all").statusCode()).isEqualTo(500);
        send("master", "/faults", "PUT", "{\"clients\":{\"dropReplies\":1}}");
        assertThatThrownBy(() -> post("master", "unheard", "all")).isInstanceOf(IOException.class);
        // a refusal is an answer like any other
        assertThatThrownBy(() -> get("master", "/kv/absent")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get("master", "/messages?from=0")).isInstanceOf(IOException.class);
        send("master", "/faults", "DELETE", "");
        assertThat(get("secondary-2", "/messages?min_index=" + lastIndex("master") + "&wait=30s")
                        .body())
                .contains("stored", "unheard")
                .doesNotContain("dropped");
    }

    private void start(String id) {
        String members = String.join(
                ",",
                IDS.stream()
                        .map(each -> each + "=http://127.0.0.1:" + ports.get(each))
                        .toList());
        nodes.put(
                id,
                new SpringApplicationBuilder(AnyApplication.class)
                        .run(
                                "--server.port=" + ports.get(id),
                                "--replog.node-id=" + id,
                                "--replog.founder=" + id.equals("master"),
                                "--replog.members=" + members,
                                "--replog.faults.enabled=true",
                                "--replog.data-dir=" + folder.resolve(id)));
    }

    private ReplicatedLog log(String id) {
        return nodes.get(id).getBean(ReplicatedLog.class);
    }

    private long lastIndex(String id) {
        return log(id).status().lastIndex();
    }

    private void awaitLeader(String id) {
        await(() -> nodes.keySet().stream()
                .allMatch(node -> log(node).status().leader() != null
                        && log(node).status().leader().value().equals(id)));
    }

    private void awaitLeaderOtherThan(String id) {
        await(() -> nodes.keySet().stream()
                .allMatch(node -> log(node).status().leader() != null
                        && !log(node).status().leader().value().equals(id)));
    }

    private void awaitHealthy() {
        await(() -> nodes.keySet().stream().noneMatch(node -> log(node).status().catchingUp()));
    }

    private static void await(BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private HttpResponse<String> post(String node, String text, String w) throws IOException, InterruptedException {
        return send(node, "/messages?timeout=30s&w=" + w, "POST", "{\"message\":\"" + text + "\"}");
    }

    private HttpResponse<String> get(String node, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(node, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String node, String path, String method, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(node, path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String node, String path) {
        return URI.create("http://127.0.0.1:" + ports.get(node) + path);
    }
}
