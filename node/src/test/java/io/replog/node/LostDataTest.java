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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** Nodes in this process whose data is damaged or gone when they come back. */
class LostDataTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class AnyApplication {}

    @TempDir
    Path folder;

    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, ConfigurableApplicationContext> nodes = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private boolean failover = true;

    @AfterEach
    void stopAll() {
        nodes.values().forEach(ConfigurableApplicationContext::close);
        http.close();
    }

    @Test
    void a_follower_with_a_damaged_log_is_refilled() throws IOException, InterruptedException {
        // given
        members("master", "secondary-1", "secondary-2");
        ports.keySet().forEach(this::start);
        await(() -> leads("master"));
        storeThree("all");
        nodes.remove("secondary-2").close();
        damage("secondary-2");

        // when
        start("secondary-2");

        // then it holds all of it again, and counts again
        assertThat(post("master", "four", "all").statusCode()).isEqualTo(201);
        String index = "upto=" + log("master").status().lastIndex();
        assertThat(get("secondary-2", "/log/digest?" + index).body())
                .isEqualTo(get("master", "/log/digest?" + index).body())
                .contains("digest\":");
        assertThat(get("secondary-2", "/messages").body())
                .isEqualTo(get("master", "/messages").body())
                .contains("two");
        assertThat(files("secondary-2")).anyMatch(name -> name.endsWith(".damaged"));
    }

    @ParameterizedTest(name = "{0}, failover {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "master | true | no other member stores data",
                "master,secondary-1 | false | with replog.failover=false no other member can lead"
            })
    void a_node_that_nobody_can_refill_does_not_start(String members, boolean withFailover, String reason)
            throws IOException, InterruptedException {
        // given
        failover = withFailover;
        members(members.split(","));
        start("master");
        await(() -> leads("master"));
        storeThree("1");
        nodes.remove("master").close();
        damage("master");

        // then it says why in one line, at each start
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> start("master"))
                    .rootCause()
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageStartingWith("replog.data-dir is '")
                    .hasMessageContaining(reason)
                    .hasMessageNotContaining("\n");
        }
        assertThat(files("master")).anyMatch(name -> name.endsWith(".damaged"));
    }

    @Test
    void a_blank_fixed_master_leaves_secondaries_their_data() throws IOException, InterruptedException {
        // given
        failover = false;
        members("master", "secondary-1");
        ports.keySet().forEach(this::start);
        await(() -> leads("master"));
        storeThree("all");
        nodes.remove("secondary-1").close();
        nodes.remove("master").close();

        // when it comes back blank while nobody is there to say that there is data
        FileSystemUtils.deleteRecursively(folder.resolve("master"));
        start("master");
        await(() -> leads("master"));
        start("secondary-1");
        await(() -> log("secondary-1").status().stranded() != null);

        // then the secondary keeps what it has, is not ready, and says why
        assertThat(log("secondary-1").status().stranded()).contains("master belongs to cluster");
        assertThat(get("secondary-1", "/readyz").statusCode()).isEqualTo(503);
        assertThat(get("secondary-1", "/messages").body()).contains("one", "two", "three");

        // when it comes back blank while a secondary is there
        nodes.remove("master").close();
        FileSystemUtils.deleteRecursively(folder.resolve("master"));
        start("master");
        await(() -> log("master").status().stranded() != null);

        // then it founds nothing, and says what can be done
        assertThat(log("master").status().stranded()).contains("bring this node's data back");
        assertThat(get("master", "/readyz").statusCode()).isEqualTo(503);
        assertThat(get("secondary-1", "/messages").body()).contains("one", "two", "three");
    }

    private void storeThree(String w) throws IOException, InterruptedException {
        for (String text : List.of("one", "two", "three")) {
            assertThat(post("master", text, w).statusCode()).isEqualTo(201);
        }
    }

    /** Flips a bit in the middle of a node's log, before records that were forced later. */
    private void damage(String id) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve(id).resolve("log"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                int at = new String(content, StandardCharsets.ISO_8859_1).indexOf("two");
                if (at >= 0) {
                    content[at] ^= 1;
                    Files.write(file, content);
                    return;
                }
            }
        }
        throw new AssertionError("no file of " + id + " has the message");
    }

    private List<String> files(String id) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve(id))) {
            return all.map(Path::toString).toList();
        }
    }

    private void members(String... ids) throws IOException {
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

    private void start(String id) {
        String members = String.join(
                ",",
                ports.entrySet().stream()
                        .map(each -> each.getKey() + "=http://127.0.0.1:" + each.getValue())
                        .toList());
        nodes.put(
                id,
                new SpringApplicationBuilder(AnyApplication.class)
                        .run(
                                "--server.port=" + ports.get(id),
                                "--replog.node-id=" + id,
                                "--replog.founder=" + id.equals("master"),
                                "--replog.failover=" + failover,
                                "--replog.members=" + members,
                                "--replog.data-dir=" + folder.resolve(id)));
    }

    private boolean leads(String id) {
        return log(id).status().role() == Role.LEADER
                && nodes.keySet().stream().allMatch(node -> log(node).status().leader() != null);
    }

    private ReplicatedLog log(String id) {
        return nodes.get(id).getBean(ReplicatedLog.class);
    }

    private static void await(BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private HttpResponse<String> post(String node, String text, String w) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri(node, "/messages?timeout=60s&w=" + w))
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString(text))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String node, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(node, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String node, String path) {
        return URI.create("http://127.0.0.1:" + ports.get(node) + path);
    }
}
