package io.replog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.replog.systemtests.harness.Backend;
import io.replog.systemtests.harness.Cluster;
import io.replog.systemtests.harness.ClusterSpec;
import io.replog.systemtests.harness.Clusters;
import io.replog.systemtests.harness.Commands;
import io.replog.systemtests.harness.ProcessNode;
import io.replog.systemtests.harness.Wait;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * The text port of a fixed primary and its backup, by the programs that people have. What one connection alone shows
 * (inline and array forms, half-close, protocol errors, limits, slow and silent clients) the unit tests of the text port show;
 * a failover behind it, {@link KeyValueIT}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextPortIT {
    @RegisterExtension
    final Clusters clusters = new Clusters(Backend.PROCESSES);

    private ProcessNode primary;
    private ProcessNode backup;

    @BeforeAll
    void start() {
        Cluster cluster = clusters.start(ClusterSpec.of("master", "secondary-1")
                .with("REPLOG_FAILOVER", "false")
                .withTextPorts());
        primary = (ProcessNode) cluster.master();
        backup = (ProcessNode) cluster.node("secondary-1");
    }

    @Test
    void a_backup_dumps_what_the_primary_was_told_also_after_it_was_stopped() {
        // given
        assertThat(redisCli(primary, "SET", "key1", "value1")).isEqualTo("OK\n");
        assertThat(redisCli(primary, "GET", "key1")).isEqualTo("value1\n");
        awaitDump(backup, "key1=value1");

        // when
        backup.stop();
        assertThat(netcat(primary, "SET key1 value2\nSET key2 two words\nGET key2\n"))
                .isEqualTo("+OK\r\n+OK\r\n$9\r\ntwo words\r\n");
        backup.start();
        backup.awaitReady();

        // then
        awaitDump(backup, "key1=value2", "key2=two words");
        assertThat(netcat(backup, "DUMP\n")).isEqualTo(netcat(primary, "DUMP\n"));
        assertThat(redisCli(backup, "DUMP")).isEqualTo(redisCli(primary, "DUMP"));
        assertThat(redisCli(backup, "GET", "key1")).isEqualTo("value2\n");
    }

    @Test
    void any_bytes_come_through_the_log_to_the_backup_and_back() {
        // given
        byte[] key = "bytes".getBytes(StandardCharsets.US_ASCII);
        byte[] value = new byte[512];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) i;
        }

        // when: at the backup, which takes them to the primary
        try (Jedis atBackup = jedis(backup);
                Jedis atPrimary = jedis(primary)) {
            assertThat(atBackup.set(key, value)).isEqualTo("OK");
            assertThat(atBackup.append(key, value)).isEqualTo(1024);

            // then
            byte[] twice = atPrimary.get(key);
            assertThat(twice).hasSize(1024).startsWith(value).endsWith(value);
            assertThat(atBackup.get(key)).isEqualTo(twice);
            assertThat(atBackup.del(key)).isEqualTo(1);
        }
    }

    @Test
    void pipelines_are_answered_in_order_on_both_nodes() {
        for (ProcessNode node : List.of(primary, backup)) {
            try (Jedis jedis = jedis(node)) {
                // when
                Pipeline pipeline = jedis.pipelined();
                List<Response<String>> reads = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    pipeline.set("pipe", Integer.toString(i));
                    reads.add(pipeline.get("pipe"));
                }
                Response<Long> deleted = pipeline.del("pipe");
                pipeline.sync();

                // then
                for (int i = 0; i < 100; i++) {
                    assertThat(reads.get(i).get()).isEqualTo(Integer.toString(i));
                }
                assertThat(deleted.get()).isEqualTo(1);
            }
        }
    }

    @Test
    void redis_benchmark_meets_no_error() {
        assumeTrue(Commands.exists("redis-benchmark"), "redis-benchmark is not installed");

        String report = Commands.run(
                "redis-benchmark", "-p", port(primary), "-t", "set,get", "-n", "5000", "-P", "16", "-c", "20", "--csv");

        assertThat(report).contains("\"SET\"").contains("\"GET\"").doesNotContain("ERR", "WARNING");
        redisCli(primary, "DEL", "key:__rand_int__");
    }

    private static void awaitDump(ProcessNode node, String... lines) {
        String expected = String.join("\n", lines) + "\n\n";
        Wait.until(node + " dumps " + expected, Cluster.CATCH_UP, () -> netcat(node, "DUMP\n")
                .equals(expected));
    }

    private static Jedis jedis(ProcessNode node) {
        return new Jedis("127.0.0.1", node.textPort(), 30_000);
    }

    private static String redisCli(ProcessNode node, String... words) {
        assumeTrue(Commands.exists("redis-cli"), "redis-cli is not installed");
        return Commands.run(Stream.concat(Stream.of("redis-cli", "-p", port(node)), Stream.of(words))
                .toArray(String[]::new));
    }

    private static String netcat(ProcessNode node, String lines) {
        assumeTrue(Commands.exists("nc"), "nc is not installed");
        return Commands.runWithInput(lines, "nc", "-N", "127.0.0.1", port(node));
    }

    private static String port(ProcessNode node) {
        return Integer.toString(node.textPort());
    }
}
