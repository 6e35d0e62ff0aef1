package io.replog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.systemtests.harness.Backend;
import io.replog.systemtests.harness.Cluster;
import io.replog.systemtests.harness.ClusterSpec;
import io.replog.systemtests.harness.Clusters;
import io.replog.systemtests.harness.Load;
import io.replog.systemtests.harness.Node;
import io.replog.systemtests.harness.Reply;
import io.replog.systemtests.harness.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The main job: a message is acknowledged when {@code w} members hold it, and every node lists it in one order. */
abstract class ReplicationCases {
    private static final Duration SHORT = Duration.ofSeconds(2);

    @RegisterExtension
    final Clusters clusters;

    ReplicationCases(Backend backend) {
        clusters = new Clusters(backend);
    }

    @Test
    void a_write_blocks_until_w_members_hold_it() throws Exception {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three().steady());
        Node slow = cluster.node("secondary-2");
        slow.pause();

        // when
        CompletableFuture<Reply> all = cluster.master().appendAsync("for all", "3");
        Wait.until("it is appended", SHORT, () -> cluster.master().messages().lastId() == 1);
        Reply two = cluster.master().append("for two", "2");
        Reply one = cluster.master().append("for one", "1");

        // then
        assertThat(two.status()).as("%s", two).isEqualTo(201);
        assertThat(one.status()).as("%s", one).isEqualTo(201);
        assertThat(two.json().get("committed").asBoolean()).isTrue();
        assertThat(all).isNotDone();

        // when
        slow.resume();

        // then
        Reply answer = all.get(30, TimeUnit.SECONDS);
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        assertThat(answer.json().get("acks")).hasSize(3);
        assertThat(answer.header("Location"))
                .isEqualTo("/messages/" + answer.json().get("id").asLong());
        assertThat(cluster.awaitSameLog().texts()).containsExactly("for all", "for two", "for one");
    }

    @Test
    void the_classic_self_check_holds() throws Exception {
        // given: the master and one secondary
        Cluster cluster = clusters.create(ClusterSpec.three().steady());
        Node master = cluster.master();
        Node late = cluster.node("secondary-2");
        master.start();
        cluster.node("secondary-1").start();
        master.awaitReady();
        cluster.node("secondary-1").awaitReady();

        // when
        Reply first = master.append("Msg1", "1");
        Reply second = master.append("Msg2", "2");
        CompletableFuture<Reply> third = master.appendAsync("Msg3", "3");
        Wait.until("Msg3 is appended", SHORT, () -> master.messages().texts().size() == 3);
        Reply fourth = master.append("Msg4", "1");

        // then
        assertThat(List.of(first.status(), second.status(), fourth.status())).containsOnly(201);
        assertThat(third).isNotDone();

        // when
        late.start();

        // then
        Reply answer = third.get(60, TimeUnit.SECONDS);
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        Wait.until("the late secondary lists all four", Cluster.CATCH_UP, () -> late.messages()
                .texts()
                .equals(List.of("Msg1", "Msg2", "Msg3", "Msg4")));
    }

    @Test
    void a_delay_on_a_secondary_makes_only_those_wait_who_need_it() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three().steady().with("secondary-2", "REPLOG_DELAY", "3s"));
        Node master = cluster.master();
        master.append("warm-up", "2");

        // when
        Reply one = master.append("one", "1");
        Reply two = master.append("two", "2");
        Reply three = master.append("three", "3");

        // then
        assertThat(one.took()).as("%s", one).isLessThan(SHORT);
        assertThat(two.took()).as("%s", two).isLessThan(SHORT);
        assertThat(three.status()).as("%s", three).isEqualTo(201);
        assertThat(three.took()).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(10));
        assertThat(cluster.node("secondary-2").health().get("role").asString()).isEqualTo("follower");
    }

    @Test
    void hundreds_of_blocked_writers_hold_nobody_back() throws Exception {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three().steady());
        Node master = cluster.master();
        Node absent = cluster.node("secondary-2");
        absent.kill();
        for (int i = 0; i < 50; i++) {
            master.append("warm-up", "1");
        }
        Duration before = medianOfWrites(master);

        // when
        List<CompletableFuture<Reply>> blocked = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            blocked.add(master.appendAsync("blocked " + i, "3"));
        }
        Wait.until(
                "all blocked writes are appended",
                Duration.ofSeconds(20),
                () -> master.get("/messages").json().get("lastId").asLong() >= 50 + 41 + 250);
        Duration during = medianOfWrites(master);

        // then
        assertThat(blocked).noneMatch(CompletableFuture::isDone);
        assertThat(during)
                .as("median with 250 blocked writers; before: %s", before)
                .isLessThan(before.multipliedBy(3).plusMillis(20));

        // when
        absent.start();

        // then
        for (CompletableFuture<Reply> write : blocked) {
            assertThat(write.get(60, TimeUnit.SECONDS).status()).isEqualTo(201);
        }
        cluster.awaitSameLog();
    }

    private static Duration medianOfWrites(Node node) {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 41; i++) {
            Reply reply = node.append("probe", "1");
            assertThat(reply.status()).as("%s", reply).isEqualTo(201);
            took.add(reply.took());
        }
        took.sort(null);
        return took.get(took.size() / 2);
    }

    @Test
    void a_secondary_that_was_away_or_comes_back_blank_catches_up() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three().steady());
        Node master = cluster.master();
        Node away = cluster.node("secondary-1");
        Node blank = cluster.node("secondary-2");
        batch(master, 1000, "majority");

        // when
        away.kill();
        batch(master, 1000, "majority");
        away.start();
        away.awaitReady();
        blank.kill();
        blank.wipe();
        batch(master, 1000, "majority");
        blank.start();
        blank.awaitReady();

        // then
        assertThat(cluster.awaitSameLog().texts()).hasSize(3000);
        Reply all = master.append("for all", "all");
        assertThat(all.status()).as("%s", all).isEqualTo(201);
        assertThat(all.json().get("acks")).hasSize(3);
    }

    private static void batch(Node node, int size, String w) {
        String line = "{\"message\":\"" + "m".repeat(100) + "\"}\n";
        Reply reply = node.post("/messages?w=" + w, "application/x-ndjson", line.repeat(size));
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
    }

    @Test
    void a_power_loss_of_all_nodes_loses_nothing_acknowledged() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        try (Load load = Load.start(cluster.nodes(), 6, "majority")) {
            load.awaitMore(200);

            // when
            cluster.nodes().forEach(Node::kill);
            cluster.startAll();
            load.awaitMore(50);
            load.stop();

            // then
            assertThat(load.violations(cluster.awaitSameLog())).isEmpty();
        }
    }

    @Test
    void kill_9_of_any_node_under_load_loses_nothing_acknowledged() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        try (Load load = Load.start(cluster.nodes(), 6, "majority")) {
            // when: each node in turn, the leader among them
            for (Node node : cluster.nodes()) {
                load.awaitMore(100);
                node.kill();
                load.awaitMore(100);
                node.start();
                node.awaitReady();
            }
            load.awaitMore(50);
            load.stop();

            // then
            assertThat(load.violations(cluster.awaitSameLog())).isEmpty();
        }
    }

    @Test
    void a_repeat_is_recognised_after_a_restart_of_everything() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        Reply first = cluster.master().append("once", "majority", "Idempotency-Key", "key-1");
        assertThat(first.status()).as("%s", first).isEqualTo(201);

        // when
        cluster.nodes().forEach(Node::kill);
        cluster.startAll();
        Reply again = cluster.node("secondary-1").append("once", "majority", "Idempotency-Key", "key-1");
        Reply other = cluster.master().append("another", "majority", "Idempotency-Key", "key-1");

        // then
        assertThat(again.status()).as("%s", again).isEqualTo(200);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        assertThat(again.json().get("index")).isEqualTo(first.json().get("index"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(cluster.awaitSameLog().texts()).containsExactly("once");
    }

    @Test
    void a_node_stops_gracefully_and_soon() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        cluster.master().append("kept", "all");

        // when
        List<Duration> took = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            took.add(node.stop());
        }

        // then
        assertThat(took).allMatch(time -> time.compareTo(Duration.ofSeconds(15)) < 0);

        // when
        cluster.startAll();

        // then
        assertThat(cluster.awaitSameLog().texts()).containsExactly("kept");
    }
}
