package io.replog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.checker.Fnv1a;
import io.replog.checker.KvOperation;
import io.replog.checker.KvOperation.Kind;
import io.replog.checker.LinearizabilityChecker;
import io.replog.checker.Status;
import io.replog.checker.Verdict;
import io.replog.systemtests.harness.Backend;
import io.replog.systemtests.harness.Cluster;
import io.replog.systemtests.harness.ClusterSpec;
import io.replog.systemtests.harness.Clusters;
import io.replog.systemtests.harness.Node;
import io.replog.systemtests.harness.ProcessNode;
import io.replog.systemtests.harness.Reply;
import io.replog.systemtests.harness.Wait;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/** The store on the log: the same on every node, each write once, no old answer. The cases share one cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyValueIT {
    private static final List<Kind> KINDS = List.of(Kind.values());

    private static final int UNTIL_DONE = 500;

    @RegisterExtension
    final Clusters clusters = new Clusters(Backend.PROCESSES);

    private Cluster cluster;

    @BeforeAll
    void start() {
        cluster = clusters.start(ClusterSpec.three().withTextPorts());
    }

    /** What a case left behind is put right: its faults, and a node that it ended. */
    @BeforeEach
    void mend() {
        for (Node node : cluster.nodes()) {
            if (node.isRunning()) {
                cluster.heal(node);
            } else {
                node.start();
            }
        }
        cluster.awaitReady();
    }

    @Test
    void a_backup_that_comes_back_dumps_the_same_without_a_new_write() {
        // given
        Node primary = cluster.leader();
        Node backup = cluster.others(primary).getFirst();
        put(primary, "backup1", "value1");
        assertThat(primary.get("/kv/backup1").json().get("value").asString()).isEqualTo("value1");
        awaitDump(backup, "backup", "backup1=value1\n");

        // when
        backup.stop();
        put(primary, "backup1", "value2");
        put(primary, "backup2", "value3");
        backup.start();
        backup.awaitReady();

        // then
        awaitDump(backup, "backup", "backup1=value2\nbackup2=value3\n");
        assertThat(dump(primary, "backup")).isEqualTo(dump(backup, "backup"));
        for (Node node : cluster.nodes()) {
            Reply read = node.get("/kv/backup1");
            assertThat(read.status()).as("%s", read).isEqualTo(200);
            assertThat(read.json().get("value").asString()).isEqualTo("value2");
        }
    }

    @Test
    void ten_clients_leave_all_replicas_with_the_same_values_in_the_same_order() throws Exception {
        // when
        together(10, number -> {
            KvClient client = new KvClient(cluster.nodes(), number, "ten-" + number, UNTIL_DONE);
            for (int i = 0; i < 100; i++) {
                client.must(Kind.PUT, "ten" + i % 10, number + "-" + i);
            }
        });

        // then
        cluster.awaitSameLog();
        String dump = dump(cluster.leader(), "ten");
        assertThat(dump.lines()).hasSize(10).allMatch(line -> line.matches("ten(\\d)=\\d-9\\1"));
        cluster.nodes().forEach(node -> awaitDump(node, "ten", dump));
    }

    @Test
    void each_write_takes_effect_once_and_in_order_over_lossy_connections() throws Exception {
        // given
        cluster.nodes().forEach(KeyValueIT::loseAFifth);
        KvClient hashing = new KvClient(cluster.nodes(), 0, "hashing", UNTIL_DONE);

        // when
        String chain = "";
        for (int i = 0; i < 100; i++) {
            Reply reply = hashing.must(Kind.HASH, "chain", "element" + i);

            // then
            assertThat(reply.json().path("previous").asString("")).isEqualTo(chain);
            chain = Fnv1a.hash(chain + "element" + i);
            assertThat(reply.json().get("value").asString()).isEqualTo(chain);
        }

        // when
        together(3, number -> {
            KvClient client = new KvClient(cluster.nodes(), number, "appending-" + number, UNTIL_DONE);
            for (int i = number; i < 100; i += 3) {
                client.must(Kind.APPEND, "list", i + ";");
            }
        });
        cluster.nodes().forEach(cluster::heal);

        // then
        assertThat(value("chain")).isEqualTo(chain);
        List<Integer> list = elements("list");
        assertThat(list).hasSize(100).doesNotHaveDuplicates();
        for (int client = 0; client < 3; client++) {
            int own = client;
            assertThat(list.stream().filter(i -> i % 3 == own)).isSorted();
        }
    }

    /** @param body null for none */
    private record Write(
            String method, String path, @Nullable String body, Map<String, String> headers) {
        Reply at(Node node) {
            String[] lines = headers.entrySet().stream()
                    .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                    .toArray(String[]::new);
            return body == null ? node.call(method, path, lines) : node.send(method, path, "text/plain", body, lines);
        }
    }

    @Test
    void repeats_get_their_first_answers_after_a_failover_and_after_a_restart_of_everything() {
        // given
        put(cluster.leader(), "again", "a");
        List<Write> writes = List.of(
                new Write("POST", "/kv/again/append", "b", Map.of("Client-Id", "again", "Client-Seq", "7")),
                new Write("POST", "/kv/again/hash", "c", Map.of("Idempotency-Key", "again-hash")),
                new Write("PUT", "/kv/again", "d", Map.of("Idempotency-Key", "again-put", "If-None-Match", "*")),
                new Write("DELETE", "/kv/again", null, Map.of("Idempotency-Key", "again-delete")));
        List<Reply> first =
                writes.stream().map(write -> write.at(cluster.leader())).toList();
        assertThat(first).extracting(Reply::status).containsExactly(200, 200, 412, 200);
        assertThat(first.getFirst().json().get("value").asString()).isEqualTo("ab");

        // when
        Node old = cluster.leader();
        old.kill();
        cluster.leaderAmong(cluster.others(old));

        // then
        cluster.others(old).forEach(node -> assertSame(writes, first, node));

        // when
        cluster.others(old).forEach(Node::kill);
        cluster.startAll();

        // then
        cluster.nodes().forEach(node -> assertSame(writes, first, node));
        assertThat(cluster.leader().get("/kv/again").status()).isEqualTo(404);
    }

    private static void assertSame(List<Write> writes, List<Reply> first, Node node) {
        for (int i = 0; i < writes.size(); i++) {
            Reply again = writes.get(i).at(node);
            assertThat(again.status()).as("%s", again).isEqualTo(first.get(i).status());
            assertThat(again.text()).isEqualTo(first.get(i).text());
            assertThat(again.header("ETag")).isEqualTo(first.get(i).header("ETag"));
        }
    }

    @Test
    void of_clients_that_change_the_same_version_one_succeeds() throws Exception {
        // given
        put(cluster.leader(), "version", "0");

        for (int round = 1; round <= 5; round++) {
            String tag = cluster.leader().get("/kv/version").header("ETag");
            String value = Integer.toString(round);
            ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();

            // when
            together(
                    6,
                    number -> replies.add(cluster.nodes()
                            .get(number % 3)
                            .send("PUT", "/kv/version", "text/plain", value + "-" + number, "If-Match", tag)));

            // then
            List<Reply> done =
                    replies.stream().filter(reply -> reply.status() == 200).toList();
            assertThat(done).hasSize(1);
            assertThat(replies).allMatch(reply -> reply.status() == 200 || reply.status() == 412);
            String index = done.getFirst().json().get("index").asString();
            for (Node node : cluster.nodes()) {
                Reply read = node.get("/kv/version?read=local&wait=30s&min_index=" + index);
                assertThat(read.text())
                        .contains(done.getFirst().json().get("value").asString());
            }
        }
    }

    @Test
    void a_connection_to_a_followers_text_port_sees_its_own_writes() {
        Node follower = cluster.others(cluster.leader()).getFirst();
        try (Jedis jedis = textPortOf(follower)) {
            long before = jedis.dbSize();
            for (int i = 1; i <= 50; i++) {
                // when
                jedis.set("own" + i, "v" + i);

                // then
                assertThat(jedis.dbSize()).isEqualTo(before + i);
                assertThat(dumped(jedis)).contains("\nown" + i + "=v" + i + "\n");
                assertThat(jedis.get("own" + i)).isEqualTo("v" + i);
            }
        }
    }

    private static String dumped(Jedis jedis) {
        return new String((byte[]) jedis.sendCommand(Protocol.Command.DUMP), StandardCharsets.UTF_8);
    }

    @Test
    void a_write_on_a_followers_text_port_takes_effect_once_over_a_lossy_connection_to_the_leader() {
        // given
        Node leader = cluster.leader();
        int count = 50;

        // when
        try (Jedis follower = textPortOf(cluster.others(leader).getFirst())) {
            loseAFifth(leader);
            for (int i = 0; i < count; i++) {
                String element = i + ";";
                long expected = IntStream.rangeClosed(0, i)
                        .mapToLong(n -> (n + ";").length())
                        .sum();

                // then
                assertThat(follower.append("text-list", element)).isEqualTo(expected);
            }
        }
        cluster.heal(leader);
        assertThat(elements("text-list"))
                .isEqualTo(IntStream.range(0, count).boxed().toList());
    }

    @Test
    void a_write_on_a_followers_text_port_takes_effect_once_while_another_node_takes_the_lead() throws Exception {
        // given
        Node leader = cluster.leader();
        Node node = cluster.others(leader).getFirst();
        AtomicInteger sent = new AtomicInteger();
        List<Integer> acknowledged = new ArrayList<>();

        // when
        together(2, number -> {
            if (number == 0) {
                Wait.until("writes are under way", Cluster.CATCH_UP, () -> sent.get() > 20);
                leader.kill();
                cluster.leaderAmong(cluster.others(leader));
                int before = sent.get();
                Wait.until("writes go on", Cluster.CATCH_UP, () -> sent.get() > before + 20);
                sent.set(Integer.MIN_VALUE);
            } else {
                try (Jedis follower = textPortOf(node)) {
                    for (int i = sent.getAndIncrement(); i >= 0; i = sent.getAndIncrement()) {
                        try {
                            follower.append("failover-list", i + ";");
                            acknowledged.add(i);
                        } catch (JedisDataException e) {
                            assertThat(e.getMessage()).containsAnyOf("not known", "No leader", "Not available");
                        }
                    }
                }
            }
        });

        // then
        List<Integer> list = elements("failover-list");
        assertThat(list).doesNotHaveDuplicates().isSorted().containsAll(acknowledged);
        assertThat(acknowledged).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_old_leader_never_gives_an_old_value(boolean paused) throws Exception {
        // given
        Node old = cluster.leader();
        put(old, "key", "old");

        // when
        if (paused) {
            old.pause();
        } else {
            cluster.isolate(old);
        }
        Node leader = cluster.leaderAmong(cluster.others(old));
        put(leader, "key", "new");
        if (paused) {
            old.resume();
        }

        // then
        together(5, _ -> {
            Reply read = old.get("/kv/key?timeout=1s&wait=1s");
            assertThat(read.status()).as("%s", read).isIn(200, 503);
            if (read.status() == 200) {
                assertThat(read.json().get("value").asString()).isEqualTo("new");
            }
        });
    }

    @Test
    void keys_are_linearizable_under_crash_pause_drops_and_partition() throws Exception {
        // given
        ConcurrentLinkedQueue<KvOperation> history = new ConcurrentLinkedQueue<>();
        AtomicLong ids = new AtomicLong();
        AtomicBoolean stopped = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int number = i;
                clients.add(threads.submit(() -> record(cluster, number, history, ids, stopped)));
            }

            // when
            try {
                Duration fault = Duration.ofSeconds(3);
                Wait.pause(Duration.ofSeconds(1));
                Node killed = cluster.leader();
                killed.kill();
                Wait.pause(fault);
                killed.start();
                killed.awaitReady();
                Node paused = cluster.leader();
                paused.pause();
                Wait.pause(fault);
                paused.resume();
                cluster.nodes().forEach(KeyValueIT::loseAFifth);
                Wait.pause(fault);
                cluster.nodes().forEach(cluster::heal);
                Node cut = cluster.leader();
                cluster.isolate(cut);
                Wait.pause(fault);
                cluster.heal(cut);
                Wait.pause(Duration.ofSeconds(1));
            } finally {
                stopped.set(true);
            }
            await(clients);
        }

        // then
        assertThat(history.stream().filter(operation -> operation.status() == Status.OK))
                .hasSizeGreaterThan(100);
        Verdict verdict = LinearizabilityChecker.check(history);
        assertThat(verdict).as("%s of %s", verdict, history).isInstanceOf(Verdict.Passed.class);
        cluster.awaitSameLog();
    }

    private static void record(
            Cluster cluster,
            int number,
            ConcurrentLinkedQueue<KvOperation> history,
            AtomicLong ids,
            AtomicBoolean stopped) {
        Random random = new Random(number);
        String name = "history-" + number;
        KvClient client = new KvClient(cluster.nodes(), number, name, 3);
        while (!stopped.get()) {
            long id = ids.incrementAndGet();
            Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            String key = "history" + random.nextInt(4);
            String argument = kind == Kind.GET || kind == Kind.DELETE ? "" : id + ";";
            long invoked = System.nanoTime();
            KvClient.Outcome outcome = client.run(kind, key, argument);
            long completed = System.nanoTime();
            boolean done = outcome.status() == Status.OK;
            if (done || kind != Kind.GET) {
                history.add(new KvOperation(
                        id,
                        name,
                        kind,
                        key,
                        argument,
                        outcome.status(),
                        done ? new KvOperation.Observation(outcome.observed(kind)) : null,
                        invoked,
                        completed));
            }
            Wait.pause(Duration.ofMillis(20));
        }
    }

    private interface Client {
        void run(int number);
    }

    private static void together(int count, Client client) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                clients.add(threads.submit(() -> client.run(number)));
            }
            await(clients);
        }
    }

    private static void await(List<Future<?>> clients) throws InterruptedException, ExecutionException {
        for (Future<?> client : clients) {
            client.get();
        }
    }

    private static void loseAFifth(Node node) {
        Reply reply = node.send(
                "PUT", "/faults", "application/json", "{\"clients\":{\"dropRequests\":0.2,\"dropReplies\":0.2}}");
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    }

    private static void put(Node node, String key, String value) {
        Reply reply = node.send("PUT", "/kv/" + key, "text/plain", value);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    }

    private static String dump(Node node, String prefix) {
        return node.get("/kv?prefix=" + prefix, "Accept", "text/plain").text();
    }

    private static void awaitDump(Node node, String prefix, String expected) {
        Wait.until(node + " dumps " + expected, Cluster.CATCH_UP, () -> dump(node, prefix)
                .equals(expected));
    }

    private String value(String key) {
        return cluster.leader().get("/kv/" + key).json().get("value").asString();
    }

    /** The numbers in a value, each with a semicolon behind it. */
    private List<Integer> elements(String key) {
        List<Integer> list = new ArrayList<>();
        try (Scanner elements = new Scanner(value(key))) {
            elements.useDelimiter(";").forEachRemaining(element -> list.add(Integer.valueOf(element)));
        }
        return list;
    }

    private static Jedis textPortOf(Node node) {
        return new Jedis("127.0.0.1", ((ProcessNode) node).textPort(), 30_000);
    }
}
