package io.replog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.systemtests.harness.Backend;
import io.replog.systemtests.harness.Cluster;
import io.replog.systemtests.harness.ClusterSpec;
import io.replog.systemtests.harness.Clusters;
import io.replog.systemtests.harness.LeaderWatch;
import io.replog.systemtests.harness.Load;
import io.replog.systemtests.harness.MessageLog;
import io.replog.systemtests.harness.Node;
import io.replog.systemtests.harness.Reply;
import io.replog.systemtests.harness.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** No single point of failure: any one of three may crash, hang, be cut off or lose its disk. */
abstract class FailoverCases {
    @RegisterExtension
    final Clusters clusters;

    FailoverCases(Backend backend) {
        clusters = new Clusters(backend);
    }

    @Test
    void another_node_leads_after_kill_9_of_the_leader_and_the_old_one_comes_back_as_a_follower() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        Node master = cluster.master();
        try (Load load = Load.start(cluster.nodes(), 6, "majority")) {
            load.awaitMore(100);

            // when
            master.kill();
            writesGoOn(load);
            Node leader = cluster.leaderAmong(cluster.others(master));
            master.start();
            master.awaitReady();
            load.awaitMore(50);
            load.stop();

            // then
            assertThat(master.health().get("role").asString()).isEqualTo("follower");
            assertThat(cluster.leader()).isEqualTo(leader);
            assertThat(load.violations(cluster.awaitSameLog())).isEmpty();
        }
    }

    /** Within seconds, and not only those that were under way. */
    private static void writesGoOn(Load load) {
        Instant begin = Instant.now();
        Wait.until("a write is acknowledged again", Duration.ofSeconds(20), () -> load.lastAcknowledged()
                .isAfter(begin.plusMillis(300)));
        load.awaitMore(30);
    }

    @Test
    void a_leader_that_hangs_is_replaced_and_fenced_when_it_wakes_up() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        Node master = cluster.master();
        List<Node> others = cluster.others(master);
        try (Load load = Load.start(others, 6, "majority")) {
            load.awaitMore(100);

            // when
            master.pause();
            Node leader = cluster.leaderAmong(others);
            load.awaitMore(100);
            Reply write = leader.send("PUT", "/kv/fence", "text/plain", "new");
            assertThat(write.status()).as("%s", write).isEqualTo(200);
            master.resume();

            // then: never an old answer, not even the first one
            Reply read = master.get("/kv/fence");
            assertThat(read.status()).as("%s", read).isIn(200, 503);
            if (read.status() == 200) {
                assertThat(read.json().get("value").asString()).isEqualTo("new");
            }
            Wait.until(
                    "the old leader follows",
                    Cluster.ELECTION,
                    () -> master.health().get("role").asString().equals("follower"));
            load.stop();
            assertThat(load.violations(cluster.awaitSameLog())).isEmpty();
        }
    }

    @Test
    void a_leader_that_is_cut_off_turns_read_only_and_its_tail_goes_to_rollbacks() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        Node master = cluster.master();
        List<Node> others = cluster.others(master);
        assertThat(master.append("kept", "all").status()).isEqualTo(201);
        try (Load load = Load.start(others, 4, "majority")) {
            load.awaitMore(50);

            // when: its entries, then nothing at all passes
            master.setFaults("{\"peers\":{\"blockEntries\":[\"secondary-1\",\"secondary-2\"]}}");
            Reply cut = master.append("cut \"off\"", "1");
            cluster.isolate(master);
            cluster.leaderAmong(others);
            load.awaitMore(50);

            // then: without a quorum every write is refused, w=1 too
            Wait.until("the old leader refuses", Cluster.ELECTION, () -> {
                Reply refused = master.append("refused", "1&timeout=500ms");
                return refused.status() == 503 && refused.outcome().equals("not-stored");
            });
            assertThat(master.health().get("readOnly").asBoolean()).isTrue();
            assertThat(master.get("/messages?read=linearizable&timeout=1s&wait=1s")
                            .status())
                    .isEqualTo(503);
            assertThat(master.messages().texts()).contains("cut \"off\"");

            // when
            cluster.heal(master);
            master.call("DELETE", "/faults");
            load.awaitMore(50);
            load.stop();

            // then
            assertThat(load.violations(cluster.awaitSameLog())).isEmpty();
            assertThat(master.messages().texts()).contains("kept").doesNotContain("refused", "cut \"off\"");
            assertThat(cut.status()).as("%s", cut).isEqualTo(201);
            assertThat(cut.json().get("committed").asBoolean()).isFalse();
            List<JsonNode> rolledBack =
                    master.rollbacks().stream().map(new JsonMapper()::readTree).toList();
            assertThat(rolledBack)
                    .filteredOn(line -> line.path("message").asString("").equals("cut \"off\""))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.get("id")).isEqualTo(cut.json().get("id"));
                        assertThat(line.get("index")).isEqualTo(cut.json().get("index"));
                        assertThat(line.get("term")).isEqualTo(cut.json().get("term"));
                    });
        }
    }

    @Test
    void where_the_network_passes_one_way_alone_one_leads_a_term_and_nothing_is_lost() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        try (LeaderWatch watch = LeaderWatch.start(cluster.nodes());
                Load load = Load.start(cluster.nodes(), 6, "majority")) {
            load.awaitMore(50);

            // when: a leader that hears nobody, though all hear it
            Node deaf = cluster.leader();
            cluster.deafen(deaf);
            Node mute = cluster.leaderAmong(cluster.others(deaf));
            writesGoOn(load);

            // then: it knows that it knows nothing
            assertThat(mute.send("PUT", "/kv/fence", "text/plain", "new").status())
                    .isEqualTo(200);
            assertThat(deaf.get("/kv/fence?timeout=1s").status()).isEqualTo(503);
            assertThat(deaf.append("refused", "1&timeout=1s").status()).isEqualTo(503);
            cluster.heal(deaf);
            deaf.awaitReady();

            // when: a leader that nobody hears, though it hears all
            cluster.mute(mute);
            Node leader = cluster.leaderAmong(cluster.others(mute));
            writesGoOn(load);
            cluster.heal(mute);
            mute.awaitReady();
            long term = leader.health().get("term").asLong();

            // when: a follower that hears nobody, then one that nobody hears
            List<Node> followers = cluster.others(leader);
            cluster.deafen(followers.get(0));
            Wait.until(
                    "the deaf follower knows of no leader",
                    Cluster.ELECTION,
                    () -> !followers.get(0).health().get("quorum").asBoolean());
            writesGoOn(load);
            cluster.heal(followers.get(0));
            followers.get(0).awaitReady();
            cluster.mute(followers.get(1));
            Wait.until("the leader misses the mute follower", Cluster.ELECTION, () -> statusAt(leader, followers.get(1))
                    .equals("Unhealthy"));
            writesGoOn(load);
            cluster.heal(followers.get(1));

            // then: neither disturbs the leader
            assertThat(leader.append("for all", "all").status()).isEqualTo(201);
            assertThat(cluster.leader()).isEqualTo(leader);
            assertThat(leader.health().get("term").asLong()).isEqualTo(term);
            load.stop();
            MessageLog log = cluster.awaitSameLog();
            assertThat(load.violations(log)).isEmpty();
            assertThat(log.texts()).contains("for all").doesNotContain("refused");
            assertThat(watch.leaders()).hasSizeGreaterThanOrEqualTo(3).allSatisfy((inTerm, led) -> assertThat(led)
                    .hasSize(1));
        }
    }

    private static String statusAt(Node node, Node of) {
        for (JsonNode member : node.health().get("members")) {
            if (member.get("id").asString().equals(of.id())) {
                return member.get("status").asString();
            }
        }
        return "absent";
    }

    @Test
    void a_rolling_restart_under_load_fails_no_write() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        try (Load load = Load.start(cluster.nodes(), 6, "majority")) {
            load.awaitMore(100);

            // when
            for (Node node : cluster.nodes()) {
                node.stop();
                load.awaitMore(50);
                node.start();
                node.awaitReady();
                load.awaitMore(50);
            }
            load.stop();

            // then
            assertThat(load.problems()).isEmpty();
            assertThat(load.violations(cluster.awaitSameLog())).isEmpty();
        }
    }

    @Test
    void leadership_is_handed_over_without_losing_a_write() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        Node target = cluster.node("secondary-1");
        long view = cluster.master().cluster().get("view").asLong();
        try (Load load = Load.start(cluster.nodes(), 4, "majority")) {
            load.awaitMore(50);

            // when
            Reply reply =
                    cluster.node("secondary-2").post("/cluster/leader", "application/json", "{\"to\":\"secondary-1\"}");

            // then
            assertThat(reply.status()).as("%s", reply).isBetween(200, 299);
            assertThat(cluster.leader()).isEqualTo(target);
            load.awaitMore(50);
            load.stop();
            assertThat(load.violations(cluster.awaitSameLog())).isEmpty();
            assertThat(target.cluster().get("view").asLong()).isGreaterThan(view);
            assertThat(target.post("/cluster/leader", "application/json", "{\"to\":\"nobody\"}")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void a_blank_master_never_wipes_the_others() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        Node master = cluster.master();
        for (int i = 0; i < 20; i++) {
            assertThat(master.append("kept " + i, "all").status()).isEqualTo(201);
        }

        // when: everything stops, the master's disk is lost, everything starts, the master first
        cluster.nodes().forEach(Node::kill);
        master.wipe();
        master.start();
        master.awaitServing();
        cluster.others(master).forEach(Node::start);
        cluster.awaitReady();

        // then
        assertThat(cluster.awaitSameLog().texts()).hasSize(20).startsWith("kept 0");
        Reply all = master.append("for all", "all");
        assertThat(all.status()).as("%s", all).isEqualTo(201);
    }

    @Test
    void what_followers_of_the_log_see_goes_on_through_a_failover() throws Exception {
        // given
        Cluster cluster = clusters.start(ClusterSpec.three());
        Node master = cluster.master();
        Node follower = cluster.node("secondary-2");
        try (Load load = Load.start(cluster.nodes(), 4, "majority")) {
            EventStream stream = EventStream.open(follower, "/messages?from=1", "");
            try (stream) {
                load.awaitMore(50);
                stream.awaitIds(50);

                // when
                master.kill();
                load.awaitMore(50);
                stream.awaitIds(90);
            }
            String last = stream.lastId();
            try (EventStream resumed = EventStream.open(cluster.node("secondary-1"), "/messages?from=1", last)) {
                load.awaitMore(20);
                load.stop();
                resumed.awaitIds(10);

                // then
                assertThat(stream.ids()).startsWith(1L, 2L, 3L);
                assertThat(stream.gaps()).isEmpty();
                assertThat(resumed.gaps()).isEmpty();
                assertThat(resumed.ids().getFirst()).isEqualTo(Long.parseLong(last) + 1);
            }
        }
        master.start();
        master.awaitReady();
        cluster.awaitSameLog();
    }
}
