package io.replog.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;

/** Nodes whose data is damaged or gone when they come back. */
class LostDataTest {
    @TempDir
    Path folder;

    @Test
    void a_follower_with_a_damaged_log_is_refilled() throws IOException, InterruptedException {
        // given
        try (InProcessCluster nodes = new InProcessCluster(folder, List.of("master", "secondary-1", "secondary-2"))) {
            nodes.startAll();
            nodes.awaitLeader("master");
            storeThree(nodes, "all");
            nodes.stop("secondary-2");
            damage("secondary-2");

            // when
            nodes.start("secondary-2");

            // then it holds all of it again, and counts again
            assertThat(nodes.post("master", "four", "all").statusCode()).isEqualTo(201);
            String digest = "/log/digest?upto=" + nodes.status("master").lastIndex();
            assertThat(nodes.get("secondary-2", digest).body())
                    .isEqualTo(nodes.get("master", digest).body())
                    .contains("digest\":");
            assertThat(nodes.get("secondary-2", "/messages").body())
                    .isEqualTo(nodes.get("master", "/messages").body())
                    .contains("two");
            assertThat(files("secondary-2")).anyMatch(name -> name.endsWith(".damaged"));
        }
    }

    @ParameterizedTest(name = "{0}, failover {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "master | true | no other member stores data",
                "master,secondary-1 | false | with replog.failover=false no other member can lead"
            })
    void a_node_that_nobody_can_refill_does_not_start(String members, boolean failover, String reason)
            throws IOException, InterruptedException {
        // given
        try (InProcessCluster nodes =
                new InProcessCluster(folder, List.of(members.split(",")), "replog.failover=" + failover)) {
            nodes.start("master");
            nodes.awaitLeader("master");
            storeThree(nodes, "1");
            nodes.stop("master");
            damage("master");

            // then it says why in one line, at each start
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> nodes.start("master"))
                        .rootCause()
                        .isInstanceOf(InvalidSettingException.class)
                        .hasMessageStartingWith("replog.data-dir is '")
                        .hasMessageContaining(reason)
                        .hasMessageNotContaining("\n");
            }
            assertThat(files("master")).anyMatch(name -> name.endsWith(".damaged"));
        }
    }

    @Test
    void a_blank_fixed_master_leaves_secondaries_their_data() throws IOException, InterruptedException {
        // given
        try (InProcessCluster nodes =
                new InProcessCluster(folder, List.of("master", "secondary-1"), "replog.failover=false")) {
            nodes.startAll();
            nodes.awaitLeader("master");
            storeThree(nodes, "all");
            nodes.stop("secondary-1");
            nodes.stop("master");

            // when it comes back blank while nobody is there to say that there is data
            FileSystemUtils.deleteRecursively(nodes.folder("master"));
            nodes.start("master");
            nodes.awaitLeader("master");
            nodes.start("secondary-1");
            InProcessCluster.await(() -> nodes.status("secondary-1").stranded() != null);

            // then the secondary keeps what it has, is not ready, and says why
            assertThat(nodes.status("secondary-1").stranded()).contains("master belongs to cluster");
            assertThat(nodes.get("secondary-1", "/readyz").statusCode()).isEqualTo(503);
            assertThat(nodes.get("secondary-1", "/messages").body()).contains("one", "two", "three");

            // when it comes back blank while a secondary is there
            nodes.stop("master");
            FileSystemUtils.deleteRecursively(nodes.folder("master"));
            nodes.start("master");
            InProcessCluster.await(() -> nodes.status("master").stranded() != null);

            // then it founds nothing, and says what can be done
            assertThat(nodes.status("master").stranded()).contains("bring this node's data back");
            assertThat(nodes.get("master", "/readyz").statusCode()).isEqualTo(503);
            assertThat(nodes.get("secondary-1", "/messages").body()).contains("one", "two", "three");
        }
    }

    private static void storeThree(InProcessCluster nodes, String w) throws IOException, InterruptedException {
        for (String text : List.of("one", "two", "three")) {
            assertThat(nodes.post("master", text, w).statusCode()).isEqualTo(201);
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
}
