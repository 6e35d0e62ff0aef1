package io.replog.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.replica.Role;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeClusterTest {
    private static final List<String> IDS = List.of("master", "secondary-1", "secondary-2");

    private InProcessCluster nodes;

    @BeforeEach
    void create(@TempDir Path folder) throws IOException {
        nodes = new InProcessCluster(folder, IDS, "replog.faults.enabled=true");
    }

    @AfterEach
    void stopAll() {
        nodes.close();
    }

    @Test
    void founds_stores_everywhere_fails_over_and_takes_a_node_back() throws IOException, InterruptedException {
        // given
        nodes.startAll();
        nodes.awaitLeader("master");

        // when
        HttpResponse<String> stored = nodes.post("master", "one", "all");

        // then
        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(stored.body()).contains("\"id\":1", "\"committed\":true");
        for (String id : IDS) {
            assertThat(nodes.get(id, "/messages").body())
                    .isEqualTo("{\"messages\":[{\"id\":1,\"message\":\"one\"}],\"lastId\":1}");
        }
        assertThat(nodes.get("secondary-1", "/readyz").statusCode()).isEqualTo(200);

        // when a write waits for a member that is down
        nodes.stop("secondary-2");
        assertThat(nodes.post("master", "two", "2").statusCode()).isEqualTo(201);
        nodes.start("secondary-2");

        // then it catches up
        assertThat(nodes.get(
                                "secondary-2",
                                "/messages?min_index=" + nodes.status("master").lastIndex() + "&wait=30s")
                        .body())
                .contains("{\"id\":2,\"message\":\"two\"}],\"lastId\":2");

        // when the leader goes
        nodes.stop("master");

        // then another one leads, with all that was acknowledged
        nodes.awaitLeaderOtherThan("master");
        assertThat(nodes.post("secondary-1", "three", "majority").statusCode()).isEqualTo(201);

        // when it comes back
        nodes.start("master");

        // then it follows and has it all
        assertThat(nodes.post("master", "four", "all").statusCode()).isEqualTo(201);
        assertThat(nodes.get("master", "/messages").body())
                .isEqualTo("{\"messages\":[{\"id\":1,\"message\":\"one\"},{\"id\":2,\"message\":\"two\"},"
                        + "{\"id\":3,\"message\":\"three\"},{\"id\":4,\"message\":\"four\"}],\"lastId\":4}");
        assertThat(nodes.status("master").role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void waits_replaces_the_delay_and_halts_nothing_else_by_faults() throws IOException, InterruptedException {
        // given
        nodes.startAll();
        nodes.awaitLeader("master");
        nodes.awaitAllCaughtUp();

        // when
        HttpResponse<String> refused = nodes.send("secondary-1", "/faults", "PUT", "{\"delay\":\"1s\",\"colour\":1}");
        HttpResponse<String> delayed = nodes.send("secondary-1", "/faults", "PUT", "{\"delay\":\"1s\"}");

        // then
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("unknown field 'colour'");
        assertThat(delayed.body()).contains("\"delay\":\"1000ms\"");
        long begin = System.nanoTime();
        assertThat(nodes.post("master", "slow", "all").statusCode()).isEqualTo(201);
        assertThat(System.nanoTime() - begin)
                .isGreaterThan(Duration.ofSeconds(1).toNanos());

        // when
        nodes.send("secondary-1", "/faults", "DELETE", "");
        nodes.send("master", "/faults", "PUT", "{\"clients\":{\"dropRequests\":1}}");

        // then
        assertThatThrownBy(() -> nodes.post("master", "dropped", "1")).isInstanceOf(IOException.class);
        assertThat(nodes.get("master", "/cluster").statusCode()).isEqualTo(200);
        nodes.send("master", "/faults", "PUT", "{\"clients\":{\"errorRate\":1}}");
        assertThat(nodes.post("master", "stored", "all").statusCode()).isEqualTo(500);
        nodes.send("master", "/faults", "PUT", "{\"clients\":{\"dropReplies\":1}}");
        assertThatThrownBy(() -> nodes.post("master", "unheard", "all")).isInstanceOf(IOException.class);
        // a refusal is an answer like any other
        assertThatThrownBy(() -> nodes.get("master", "/kv/absent")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> nodes.get("master", "/messages?from=0")).isInstanceOf(IOException.class);
        nodes.send("master", "/faults", "DELETE", "");
        assertThat(nodes.get(
                                "secondary-2",
                                "/messages?min_index=" + nodes.status("master").lastIndex() + "&wait=30s")
                        .body())
                .contains("stored", "unheard")
                .doesNotContain("dropped");
    }
}
