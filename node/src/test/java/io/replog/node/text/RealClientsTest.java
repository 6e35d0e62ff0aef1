package io.replog.node.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.replog.core.quorum.WriteConcern;
import io.replog.node.web.FakeLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.forward.LeaderTransport;
import io.replog.node.web.http.ReadGate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** The programs that people have, against the text port. Those that are not installed are passed over. */
class RealClientsTest {
    private TextPort port;

    @BeforeEach
    void start() {
        FakeLog log = FakeLog.leaderOfThree();
        WebSettings web =
                WebSettings.of(log.self(), WriteConcern.ALL, WriteConcern.MAJORITY, 1 << 20, Duration.ofMillis(100));
        TextPortSettings settings = new TextPortSettings(
                InetAddress.getLoopbackAddress(),
                0,
                WriteConcern.ALL,
                WriteConcern.MAJORITY,
                web.leaderWait(),
                1 << 20,
                100,
                1_000,
                64 << 20,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20));
        LeaderTransport nobody = (_, _, _, _) -> new LeaderTransport.Result.NotSent("nobody is there");
        port = new TextPort(settings, log, new ReadGate(log, web), nobody);
        port.start();
    }

    @AfterEach
    void stop() {
        port.stop();
    }

    @Test
    void redisCliSetsGetsAndDumps() throws Exception {
        assertThat(redisCli("SET", "key1", "two words")).isEqualTo("OK\n");
        assertThat(redisCli("GET", "key1")).isEqualTo("two words\n");
        assertThat(redisCli("APPEND", "key1", "!")).isEqualTo("10\n");
        assertThat(redisCli("PUTHASH", "h", "foobar")).isEqualTo("\n");
        assertThat(redisCli("PUTHASH", "h", "x")).isEqualTo(Integer.toUnsignedString(0xbf9cf968) + "\n");
        assertThat(redisCli("DUMP")).startsWith("h=").contains("\nkey1=two words!\n");
        assertThat(redisCli("POST", "a message")).isEqualTo("1\n");
        assertThat(redisCli("RANGE", "1", "10")).isEqualTo("1\na message\n");
        assertThat(redisCli("DEL", "key1", "h", "absent")).isEqualTo("2\n");
        assertThat(redisCli("SET", "k", "v", "NX")).contains("ERR syntax error");
    }

    @Test
    void redisCliReadsCommandsFromItsInput() throws Exception {
        String commands = "SET a 1\nGET a\nPING\n";

        assertThat(run(commands, "redis-cli", "-p", portText())).isEqualTo("OK\n1\nPONG\n");
    }

    @Test
    void netcatDumps() throws Exception {
        set("b", "2");
        set("a", "1");

        assertThat(run("DUMP\n", "nc", "-N", "127.0.0.1", portText())).isEqualTo("a=1\nb=2\n\n");
        assertThat(run("SET c hello there\nGET c\nDUMP", "nc", "-N", "127.0.0.1", portText()))
                .isEqualTo("+OK\r\n$11\r\nhello there\r\na=1\nb=2\nc=hello there\n\n");
    }

    @Test
    void redisBenchmarkRuns() throws Exception {
        String report =
                run("", "redis-benchmark", "-p", portText(), "-t", "set,get,ping", "-n", "2000", "-P", "16", "--csv");

        assertThat(report).contains("\"SET\"").contains("\"GET\"").doesNotContain("ERR");
        assertThat(report).doesNotContain("WARNING");
    }

    @Test
    void jedisSetsGetsAndPipelines() {
        try (Jedis jedis = new Jedis("127.0.0.1", port.port())) {
            assertThat(jedis.ping()).isEqualTo("PONG");
            assertThat(jedis.set("k", "v")).isEqualTo("OK");
            assertThat(jedis.get("k")).isEqualTo("v");
            assertThat(jedis.get("absent")).isNull();
            assertThat(jedis.append("k", "w")).isEqualTo(2);
            assertThat(jedis.del("k", "absent")).isEqualTo(1);
            byte[] key = {'b'};
            byte[] value = {0, (byte) 0xff, '\r', '\n'};
            assertThat(jedis.set(key, value)).isEqualTo("OK");
            assertThat(jedis.get(key)).isEqualTo(value);
            assertThat(jedis.dbSize()).isEqualTo(1);
            assertThat(jedis.info()).contains("role:leader");

            Pipeline pipeline = jedis.pipelined();
            List<Response<String>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                pipeline.set("p", Integer.toString(i));
                answers.add(pipeline.get("p"));
            }
            pipeline.sync();
            assertThat(answers.get(57).get()).isEqualTo("57");

            assertThat(catchThrowable(() -> jedis.expire("k", 5)))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageContaining("unknown command");
        }
    }

    private void set(String key, String value) {
        try (Jedis jedis = new Jedis("127.0.0.1", port.port())) {
            jedis.set(key, value);
        }
    }

    private String portText() {
        return Integer.toString(port.port());
    }

    private String redisCli(String... arguments) throws Exception {
        return run(
                "",
                Stream.concat(Stream.of("redis-cli", "-p", portText()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private static String run(String input, String... command) throws IOException, InterruptedException {
        assumeTrue(isInstalled(command[0]), command[0] + " is not installed");
        Path output = Files.createTempFile("client", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended).as("%s ended in time", command[0]).isTrue();
            return Files.readString(output);
        } finally {
            Files.delete(output);
        }
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
