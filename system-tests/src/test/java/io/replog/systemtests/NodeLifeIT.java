package io.replog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.systemtests.harness.Backend;
import io.replog.systemtests.harness.ClusterSpec;
import io.replog.systemtests.harness.Clusters;
import io.replog.systemtests.harness.Commands;
import io.replog.systemtests.harness.Node;
import io.replog.systemtests.harness.ProcessCluster;
import io.replog.systemtests.harness.ProcessNode;
import io.replog.systemtests.harness.Reply;
import io.replog.systemtests.harness.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node and its machine: settings, data directories, full disks. */
class NodeLifeIT {
    private static final Duration START = Duration.ofSeconds(60);

    @RegisterExtension
    final Clusters clusters = new Clusters(Backend.PROCESSES);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REPLOG_NODE_ID | somebody | replog.node-id",
                "REPLOG_MEMBERS | master=http://127.0.0.1:1,master=http://127.0.0.1:2 | replog.members",
                "REPLOG_WRITE_CONCERN | many | replog.write-concern",
                "REPLOG_ELECTION_TIMEOUT | soon | replog.election-timeout",
            })
    void a_bad_setting_stops_the_start_with_one_clear_line(String name, String value, String property) {
        // given
        ProcessNode node = ((ProcessCluster) clusters.create(ClusterSpec.three())).process("master");
        node.set(name, value);

        // when
        node.start();
        int status = node.awaitEnd(START);

        // then
        assertThat(status).isNotZero();
        String log = node.log().strip();
        assertThat(log).contains(property).contains(value.substring(0, 4)).doesNotContain("\tat ");
    }

    @Test
    void a_data_directory_is_held_by_one_process_and_belongs_to_one_node() {
        // given
        ProcessCluster cluster = (ProcessCluster) clusters.create(ClusterSpec.of("master"));
        ProcessNode master = cluster.process("master");
        master.start();
        master.awaitReady();
        ProcessCluster another = (ProcessCluster) clusters.create(ClusterSpec.of("master", "secondary-1"));

        // when: another process, while it is held
        ProcessNode second = another.process("master");
        second.set("REPLOG_DATA_DIR", master.data().toString());
        second.start();

        // then
        assertThat(second.awaitEnd(START)).isNotZero();
        assertThat(second.log()).contains(master.data().toString()).doesNotContain("\tat ");
        assertThat(master.append("still here", "1").status()).isEqualTo(201);

        // when: another node
        master.stop();
        ProcessNode stranger = another.process("secondary-1");
        stranger.set("REPLOG_DATA_DIR", master.data().toString());
        stranger.start();

        // then
        assertThat(stranger.awaitEnd(START)).isNotZero();
        assertThat(stranger.log())
                .contains("master")
                .contains(master.data().toString())
                .doesNotContain("\tat ");
    }

    @Test
    void a_node_of_another_cluster_stays_unready_and_says_so() {
        // given: two clusters of one; the second master's members then name the first one as its secondary
        ProcessCluster one = (ProcessCluster) clusters.create(ClusterSpec.of("master", "secondary-1"));
        one.startAll();
        assertThat(one.master().append("of one", "all").status()).isEqualTo(201);
        ProcessNode secondary = one.process("secondary-1");
        ProcessCluster other = (ProcessCluster) clusters.create(ClusterSpec.of("master"));
        other.startAll();
        assertThat(other.master().append("of the other", "1").status()).isEqualTo(201);
        Path foreign = other.process("master").data();
        other.master().stop();

        // when: the first master comes back with the other cluster's disk
        one.master().kill();
        ProcessNode master = one.process("master");
        master.set("REPLOG_DATA_DIR", foreign.toString());
        master.start();
        master.awaitServing();

        // then
        Wait.until(
                "both of them say so",
                Duration.ofSeconds(30),
                () -> master.log().contains("secondary-1 belongs to cluster")
                        && secondary.log().contains("master belongs to cluster"));
        assertThat(secondary.isReady()).isFalse();
        assertThat(secondary.messages().texts()).containsExactly("of one");
        assertThat(master.messages().texts()).doesNotContain("of one");
    }

    @Test
    void a_node_with_a_damaged_log_ends_where_no_peer_has_the_data() throws IOException {
        // given
        ProcessCluster cluster = (ProcessCluster) clusters.start(ClusterSpec.of("master", "secondary-1"));
        ProcessNode secondary = cluster.process("secondary-1");
        for (String text : List.of("one", "two", "three")) {
            assertThat(cluster.master().append(text, "all").status()).isEqualTo(201);
        }
        cluster.nodes().forEach(Node::kill);

        // when
        cluster.master().wipe();
        flipBitOf("two", secondary.data().resolve("log"));
        cluster.nodes().forEach(Node::start);

        // then: it says what can be done, and nobody begins anew over what is left of the data
        assertThat(secondary.awaitEnd(START)).isNotZero();
        assertThat(secondary.log())
                .contains("no other member has the data: [master] hold nothing")
                .contains("bring a good copy");
        assertThat(cluster.master().isReady()).isFalse();
        assertThat(cluster.master().messages().texts()).isEmpty();
        try (Stream<Path> files = Files.list(secondary.data().resolve("log"))) {
            assertThat(files).anyMatch(file -> file.toString().endsWith(".damaged"));
        }
    }

    private static void flipBitOf(String text, Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            for (Path file : files.toList()) {
                byte[] content = Files.readAllBytes(file);
                int at = new String(content, StandardCharsets.ISO_8859_1).indexOf(text);
                if (at >= 0) {
                    content[at] ^= 1;
                    Files.write(file, content);
                    return;
                }
            }
        }
        throw new AssertionError("no file in " + log + " has '" + text + "'");
    }

    @Test
    void a_full_disk_refuses_writes_and_serves_reads_until_there_is_room() throws IOException {
        // given: the leader's data lies on a small file system that a filler has used up in part
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs to mount a file system");
        ProcessCluster cluster =
                (ProcessCluster) clusters.create(ClusterSpec.of("master").with("REPLOG_MAX_MESSAGE_SIZE", "4MB"));
        Path disk = Files.createDirectories(cluster.home().resolve("disk"));
        Commands.Result mounted = Commands.attempt(
                disk, Map.of(), List.of("mount", "-t", "tmpfs", "-o", "size=200m", "replog", disk.toString()));
        Assumptions.assumeTrue(mounted.status() == 0, mounted.output());
        try {
            Path filler = disk.resolve("filler");
            Files.write(filler, new byte[60_000_000]);
            ProcessNode node = cluster.process("master");
            node.set("REPLOG_DATA_DIR", disk.resolve("data").toString());
            node.start();
            node.awaitReady();

            // when
            List<String> stored = new ArrayList<>();
            String text = "x".repeat(2_000_000);
            Reply refused = null;
            for (int i = 0; i < 200 && refused == null; i++) {
                Reply reply = node.append(i + text, "1");
                if (reply.status() == 201) {
                    stored.add(i + text);
                } else {
                    refused = reply;
                }
            }

            // then
            assertThat(refused).isNotNull();
            assertThat(refused.status()).as("%s", refused).isEqualTo(507);
            assertThat(refused.outcome()).isEqualTo("not-stored");
            assertThat(stored).isNotEmpty();
            assertThat(node.get("/messages/1").status()).isEqualTo(200);
            assertThat(node.get("/messages?limit=1").status()).isEqualTo(200);

            // when
            Files.delete(filler);

            // then
            Wait.until(
                    "it accepts again",
                    Duration.ofSeconds(20),
                    () -> node.append("room again", "1").status() == 201);
            node.kill();
            node.start();
            node.awaitReady();
            List<String> texts = node.messages().texts();
            assertThat(texts.subList(0, stored.size())).isEqualTo(stored);
            assertThat(texts.get(stored.size())).isEqualTo("room again");
        } finally {
            cluster.nodes().forEach(NodeLifeIT::end);
            Commands.run("umount", disk.toString());
        }
    }

    private static void end(Node node) {
        if (node.isRunning()) {
            node.kill();
        }
    }
}
