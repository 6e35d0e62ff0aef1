package io.replog.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import io.replog.api.client.WriteOutcome;
import io.replog.api.fault.Faults;
import io.replog.api.message.Appended;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many short processes against one cluster, one at a time: some of them must meet a deadline. */
@Isolated
class CommandsIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static LocalCluster cluster;
    private static String urls;

    @BeforeAll
    static void startNodes() {
        cluster = new LocalCluster(Program.jars(), LocalCluster.Shape.ofSecondaries(2), Map.of());
        cluster.startAll();
        urls = String.join(",", cluster.urls());
    }

    @AfterAll
    static void stopNodes() {
        cluster.close();
    }

    private static Program.Result run(String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "--url";
        all[1] = urls;
        System.arraycopy(args, 0, all, 2, args.length);
        return Program.run(all);
    }

    /** Which nodes follow changes while the tests run. */
    private static LocalNode follower() {
        LocalNode leader = cluster.awaitLeader();
        return cluster.nodes().stream()
                .filter(node -> !node.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode json(String... args) {
        String[] all = new String[args.length + 1];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--json";
        Program.Result result = run(all);
        result.assertDone();
        assertThat(result.out().lines()).hasSize(1);
        return JSON.readTree(result.out());
    }

    @Test
    void postsListsAndFollows() {
        JsonNode first = json("post", "grüße", "--w", "all");
        long id = first.path("id").asLong();
        assertThat(first.path("acks").size()).isEqualTo(3);
        assertThat(first.path("committed").asBoolean()).isTrue();

        Program.Result second = run("post", "two words", "--w", "majority");
        second.assertDone();
        assertThat(second.out()).contains("message " + (id + 1) + " stored on");

        Program.Result list = run("list", "--from", Long.toString(id), "--limit", "2");
        list.assertDone();
        assertThat(list.out().lines()).containsExactly(id + "  grüße", (id + 1) + "  two words");
        assertThat(json("list", "--node", "secondary-1", "--from", Long.toString(id))
                        .path("messages")
                        .path(0)
                        .path("message")
                        .asString())
                .isEqualTo("grüße");

        Program.Result tail = run("tail", "--from", Long.toString(id), "--count", "2", "--json");
        tail.assertDone();
        assertThat(tail.out().lines())
                .containsExactly(
                        "{\"id\":" + id + ",\"message\":\"grüße\"}",
                        "{\"id\":" + (id + 1) + ",\"message\":\"two words\"}");
    }

    @Test
    void postsTheLinesOfItsInputAllOrNone() {
        Program.Result result = Program.run(Program.command("post", "--lines", "--url", urls), "a\nb\nc\n");

        result.assertDone();
        assertThat(result.out()).contains("3 messages, ");
    }

    @Test
    void setsGetsAppendsHashesAndDeletes() {
        assertThat(run("put", "cli/a b", "x").out()).contains("cli/a b = x (was absent)");
        assertThat(json("set", "cli/a b", "1", "--if-absent=false")
                        .path("previous")
                        .asString())
                .isEqualTo("x");
        assertThat(run("append", "cli/a b", "2").out()).contains("cli/a b = 12");
        assertThat(run("get", "cli/a b").out()).isEqualTo("12" + System.lineSeparator());
        JsonNode hash = json("hash", "cli/a b", "3");
        assertThat(hash.path("previous").asString()).isEqualTo("12");
        String hashed = hash.path("value").asString();
        assertThat(hashed).isEqualTo("1916298011");
        assertThat(run("dump", "--prefix", "cli/").out().strip()).isEqualTo("cli/a b=" + hashed);
        assertThat(json("dump", "--node", "master", "--prefix", "cli/")
                        .path("entries")
                        .size())
                .isEqualTo(1);
        run("put", "cli/a b", "late", "--if-absent").assertFailed(1, "not stored");
        assertThat(run("delete", "cli/a b").out()).contains("is absent (was " + hashed + ")");
        run("get", "cli/a b").assertFailed(1, "'cli/a b' is absent");
    }

    @Test
    void showsStatusAndHealth() {
        Program.Result status = run("status");
        status.assertDone();
        assertThat(status.out()).contains("leader ", "writable", "master", "secondary-2", "Healthy");
        assertThat(json("status").path("members").size()).isEqualTo(3);

        Program.Result health = run("health");
        health.assertDone();
        assertThat(health.out()).contains("UP", "secondary-1 Healthy");
        assertThat(json("health").path("writable").asBoolean()).isTrue();
    }

    @Test
    void echoesATextOrTheLinesOfItsInput() {
        assertThat(json("echo", "hello").path("text").asString()).isEqualTo("hello");
        Program.Result lines = Program.run(Program.command("echo", "--url", urls), "one\ntwo\nquit\nthree\n");

        lines.assertDone();
        assertThat(lines.out()).contains("one  (", "two  (").doesNotContain("three");
    }

    @Test
    void doesARepeatOnceByAKeyOrByTheNumberOfAClientsWrite() {
        List<List<String>> repeats =
                List.of(List.of("--key", "cli-repeat-1"), List.of("--client-id", "cli-repeat", "--client-seq", "2"));
        for (List<String> key : repeats) {
            List<String> line = new ArrayList<>(List.of("post", "once"));
            line.addAll(key);
            JsonNode first = json(line.toArray(String[]::new));

            assertThat(json(line.toArray(String[]::new))).isEqualTo(first);
        }
        run("post", "late", "--client-id", "cli-repeat", "--client-seq", "1")
                .assertFailed(1, "not stored", "Client-Seq");
        run("post", "other", "--key", "cli-repeat-1").assertFailed(1, "not stored");
    }

    @Test
    void saysRefusedWithOneLine() {
        run("post", "x", "--w", "9").assertFailed(1, "not stored", "w");
        run("list", "--from", "0").assertFailed(1, "from");
        run("list", "--node", "nobody").assertFailed(2, "no node 'nobody'");
        run("faults", "--node", "master", "--set", "{\"dealy\":\"2s\"}").assertFailed(2, "dealy");
        run("faults", "--node", "master", "--set", "{\"delay\":\"2\"}").assertFailed(1, "delay");
    }

    @Test
    void saysUnknownWhereTheTimeIsOverAndShowsWhoHasIt() {
        LocalNode slow = follower();
        slow.client().setFaults(new Faults("4s", null, null, null, null, null));
        try {
            Program.Result result = run("post", "late", "--w", "all", "--timeout", "700ms");

            result.assertFailed(3, "unknown outcome", "id ", "missing [" + slow.id() + "]", "--key ");
        } finally {
            slow.client().heal();
        }
    }

    @Test
    void showsSetsAndHealsFaults() {
        assertThat(json("faults", "--node", "secondary-1", "--set", "{\"fsyncDelay\":\"1ms\"}")
                        .path("fsyncDelay")
                        .asString())
                .isEqualTo("1ms");
        run("faults", "--node", "secondary-1", "--heal").assertDone();
    }

    @Test
    void loadsAndPlots(@TempDir Path folder) throws Exception {
        File plot = folder.resolve("load.svg").toFile();
        JsonNode result = json(
                "load",
                "--connections",
                "4",
                "--size",
                "50",
                "--w",
                "majority",
                "--seconds",
                "2",
                "--warm-up",
                "200ms",
                "--plot",
                plot.toString());

        assertThat(result.path("messages").asLong()).isPositive();
        assertThat(result.path("throughput").asDouble()).isPositive();
        assertThat(result.path("errors").size()).isZero();
        JsonNode latency = result.path("latencyMs");
        assertThat(latency.path("p50").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(latency.path("p99").asDouble());
        String drawing = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(plot)
                .getDocumentElement()
                .getTextContent();
        assertThat(drawing).contains("messages/s", "latency (ms)");

        Program.Result batches =
                run("load", "--batch", "100", "--connections", "2", "--seconds", "1", "--warm-up", "100ms");
        batches.assertDone();
        assertThat(batches.out()).contains("messages/s", "batch 100", "p99.9");
    }

    @Test
    void saysWhyALoadIsRefused() {
        run("load", "--seconds", "1", "--warm-up", "0s", "--w", "9").assertFailed(1, "nothing was acknowledged", "400");
    }

    @Test
    void takesCommandsFromAPipeInEitherCase() {
        Program.Result result = Program.run(
                Program.command("shell", "--url", urls),
                "SET shell/1 \"two words\"\nGET shell/1\nDUMP --prefix shell/\n");

        result.assertDone();
        assertThat(result.out()).contains("shell/1 = two words", "\ntwo words", "shell/1=two words");
    }

    @Test
    void isAShellOnATerminal() {
        Program.Result result =
                Program.runOnTerminal("SET shell/2 value\rGET shell/2\rnonsense\rexit\r", "shell", "--url", urls);

        assertThat(result.status()).as(result.out()).isZero();
        assertThat(result.out())
                .contains("replog> ", "shell/2 = value", "unknown command 'nonsense'")
                .contains("\u001b[31merror");
    }

    @Test
    void completesAndRemembersOnATerminal() {
        // An arrow key, as a terminal in application mode sends it.
        String up = "\u001bOA";
        Program.Result result = Program.runOnTerminal(
                "SE\tshell/3 remembered\r" + up + "\rdum\t--prefix shell/3\rexit\r", "shell", "--url", urls);

        assertThat(result.status()).as(result.out()).isZero();
        assertThat(result.out())
                .contains("shell/3 = remembered (was absent)", "shell/3 = remembered (was remembered)")
                .contains("shell/3=remembered");
    }

    @Test
    void followsTheLogThroughAFailoverWithNeitherGapNorRepeat() throws Exception {
        long from = json("post", "before the failover").path("id").asLong();
        int before = 10;
        int all = 30;
        Process tail = Program.start(Program.command(
                "tail", "--url", urls, "--from", Long.toString(from), "--count", Integer.toString(all + 1), "--json"));
        LocalNode killed = cluster.awaitLeader();
        try (ReplogClient client = cluster.client(Duration.ofSeconds(30));
                BufferedReader lines = tail.inputReader(StandardCharsets.UTF_8)) {
            List<String> expected = new ArrayList<>();
            expected.add(message(from, "before the failover"));
            for (int i = 1; i <= all; i++) {
                if (i == before) {
                    // It is under way when the leader dies.
                    assertThat(lines.readLine()).isEqualTo(expected.getFirst());
                    killed.kill();
                }
                WriteOutcome<Appended> post = client.post("tail " + i, WriteOptions.DEFAULT.withW("majority"));
                expected.add(message(post.orThrow().id(), "tail " + i));
            }

            List<String> seen = new ArrayList<>(List.of(expected.getFirst()));
            lines.lines().forEach(seen::add);

            assertThat(seen).isEqualTo(expected);
            assertThat(tail.waitFor()).isZero();
        } finally {
            tail.destroyForcibly();
            cluster.start(killed.id());
        }
    }

    private static String message(long id, String text) {
        return "{\"id\":" + id + ",\"message\":\"" + text + "\"}";
    }

    @Test
    void showsProgressOnATerminalAlone() {
        String[] load = {"load", "--seconds", "2", "--warm-up", "0s", "--w", "1", "--url", urls};

        assertThat(Program.runOnTerminal("", load).out()).contains(" s of 2", "\u001b[1m");
        Program.Result piped = Program.run(load);
        piped.assertDone();
        assertThat(piped.err()).isEmpty();
        assertThat(piped.out()).doesNotContain("\u001b", " s of 2");
    }

    @Test
    void checksNodesThatItDidNotStart(@TempDir Path folder) throws Exception {
        Path history = folder.resolve("history.ndjson");
        JsonNode result = json(
                "check", "--seconds", "4", "--clients", "4", "--faults", "drop,delay", "--history", history.toString());

        assertThat(result.path("verdict").asString()).isEqualTo("passed");
        assertThat(result.path("acknowledged").asLong()).isPositive();
        assertThat(Files.readString(history)).contains("\"type\":\"key\"", "\"type\":\"stored\"");
    }

    @Test
    void saysThatANodeServesNoFaults() {
        Map<String, String> settings = Map.of("replog.faults.enabled", "false");
        try (LocalCluster alone = new LocalCluster(Program.jars(), LocalCluster.Shape.ofSecondaries(0), settings)) {
            alone.startAll();
            String url = alone.urls().getFirst();

            Program.run("faults", "--node", "master", "--url", url)
                    .assertFailed(1, "node 'master' injects no faults", "replog.faults.enabled=true");
            Program.run("check", "--faults", "delay", "--url", url)
                    .assertFailed(1, "node 'master' injects no faults", "--faults none");
        }
    }

    @Test
    void findsTheOthersThroughOneNode() {
        LocalNode follower = follower();

        Program.Result result = Program.run("post", "through a follower", "--url", follower.url(), "--json");

        result.assertDone();
        assertThat(List.of("master", "secondary-1", "secondary-2"))
                .contains(JSON.readTree(result.out()).path("acks").path(0).asString());
    }
}
