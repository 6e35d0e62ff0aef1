package io.replog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.systemtests.harness.Backend;
import io.replog.systemtests.harness.Cluster;
import io.replog.systemtests.harness.ClusterSpec;
import io.replog.systemtests.harness.Clusters;
import io.replog.systemtests.harness.Load;
import io.replog.systemtests.harness.Node;
import io.replog.systemtests.harness.ProcessCluster;
import io.replog.systemtests.harness.ProcessNode;
import io.replog.systemtests.harness.Reply;
import io.replog.systemtests.harness.Wait;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Witnesses, spares, learners, priorities, and a master that is fixed. */
class MemberKindsIT {
    @RegisterExtension
    final Clusters clusters = new Clusters(Backend.PROCESSES);

    @Test
    void primary_backup_and_witness_stay_writable_with_any_one_of_them_down() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.of("master", "secondary-1", "witness-1;kind=witness"));
        try (Load load = Load.start(cluster.dataNodes(), 3, "1")) {
            // when
            for (String id : List.of("witness-1", "secondary-1", "master")) {
                load.awaitMore(20);
                cluster.node(id).kill();
                load.awaitMore(20);
                cluster.node(id).start();
                cluster.node(id).awaitReady();
            }
            load.stop();

            // then
            cluster.awaitSameLog();
            assertThat(load.problems()).isEmpty();
            assertThat(cluster.leader().id()).isNotEqualTo("witness-1");
            assertThat(cluster.node("witness-1").get("/messages?read=local").status())
                    .isEqualTo(421);
            assertThat(cluster.node("witness-1").health().get("role").asString())
                    .isEqualTo("witness");
        }
    }

    @Test
    void a_spare_steps_in_for_a_dead_voter() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.of("master", "secondary-1", "secondary-2", "spare-1;kind=spare")
                .with("REPLOG_SPARE_AFTER", "2s"));
        Node master = cluster.master();
        assertThat(master.append("kept", "all").status()).isEqualTo(201);

        // when
        cluster.node("secondary-2").kill();

        // then
        Wait.until(
                "the spare votes",
                Cluster.ELECTION,
                () -> kindOf(master, "spare-1").equals("voter")
                        && kindOf(master, "secondary-2").equals("spare"));
        cluster.node("secondary-1").kill();
        Reply write = master.append("two of three voters", "majority");
        assertThat(write.status()).as("%s", write).isEqualTo(201);
    }

    private static String kindOf(Node node, String id) {
        for (JsonNode member : node.cluster().get("members")) {
            if (member.get("id").asString().equals(id)) {
                return member.get("kind").asString();
            }
        }
        return "absent";
    }

    @Test
    void a_fixed_master_goes_on_alone_and_refills_its_backup_without_a_new_write() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.of("master", "secondary-1").with("REPLOG_FAILOVER", "false"));
        Node master = cluster.master();
        Node backup = cluster.node("secondary-1");
        assertThat(master.append("both", "all").status()).isEqualTo(201);

        // when
        backup.kill();
        Reply alone = master.append("alone", "1");
        backup.wipe();
        backup.start();

        // then
        assertThat(alone.status()).as("%s", alone).isEqualTo(201);
        assertThat(alone.json().get("committed").asBoolean()).isTrue();
        Wait.until("the backup is refilled", Cluster.CATCH_UP, () -> backup.messages()
                .texts()
                .equals(List.of("both", "alone")));

        // when
        master.kill();
        Wait.pause(Duration.ofSeconds(3));

        // then: nobody else ever leads
        assertThat(backup.health().get("role").asString()).isNotEqualTo("leader");
        Reply refused = backup.append("refused", "1&timeout=1s");
        assertThat(refused.status()).as("%s", refused).isEqualTo(503);
        assertThat(refused.outcome()).isEqualTo("not-stored");
    }

    @Test
    void a_higher_priority_takes_the_lead_back_when_it_has_caught_up() {
        // given
        Cluster cluster = clusters.start(ClusterSpec.of("master;priority=5", "secondary-1", "secondary-2"));
        Node master = cluster.master();
        try (Load load = Load.start(cluster.nodes(), 3, "majority")) {
            load.awaitMore(20);

            // when
            master.kill();
            cluster.leaderAmong(cluster.others(master));
            load.awaitMore(20);
            master.start();

            // then
            Wait.until(
                    "the master leads again",
                    Cluster.ELECTION.plusSeconds(30),
                    () -> master.health().get("role").asString().equals("leader"));
            load.awaitMore(20);
            load.stop();
            assertThat(load.violations(cluster.awaitSameLog())).isEmpty();
        }
    }

    @Test
    void members_join_and_leave_one_at_a_time() {
        // given: a node that is started with the cluster's members and itself
        Cluster cluster = clusters.create(ClusterSpec.of("master", "secondary-1", "secondary-2", "late"));
        List<Node> founders = cluster.others(cluster.node("late"));
        founders.forEach(Node::start);
        founders.forEach(Node::awaitReady);
        Node master = cluster.master();
        Node late = cluster.node("late");

        // when
        Reply removed = master.call("DELETE", "/cluster/members/late");
        Reply write = master.append("three are all", "all");

        // then
        assertThat(removed.status()).as("%s", removed).isBetween(200, 299);
        assertThat(write.status()).as("%s", write).isEqualTo(201);
        assertThat(kindOf(master, "late")).isEqualTo("absent");

        // when
        late.start();
        late.awaitServing();
        Reply added = master.post(
                "/cluster/members",
                "application/json",
                "{\"id\":\"late\",\"url\":\"" + late.url() + "\",\"kind\":\"learner\"}");

        // then
        assertThat(added.status()).as("%s", added).isBetween(200, 299);
        Wait.until(
                "it holds all", Cluster.CATCH_UP, () -> late.messages().texts().equals(List.of("three are all")));
        Reply all = master.append("four are all", "4");
        assertThat(all.status()).as("%s", all).isEqualTo(201);
        assertThat(master.call("DELETE", "/cluster/members/nobody").status()).isEqualTo(404);

        // when: it leads, and a founder comes back with an empty disk and the settings of the founding
        Reply promoted = master.post("/cluster/members", "application/json", "{\"id\":\"late\",\"kind\":\"voter\"}");
        Reply led = master.post("/cluster/leader", "application/json", "{\"to\":\"late\"}");
        ProcessNode blank = ((ProcessCluster) cluster).process("secondary-2");
        blank.kill();
        blank.wipe();
        blank.set(
                "REPLOG_MEMBERS",
                founders.stream().map(node -> node.id() + "=" + node.url()).collect(Collectors.joining(",")));
        blank.start();

        // then
        assertThat(promoted.status()).as("%s", promoted).isBetween(200, 299);
        assertThat(led.status()).as("%s", led).isBetween(200, 299);
        blank.awaitReady();
        assertThat(cluster.leader()).isEqualTo(late);
        assertThat(blank.messages().texts()).containsExactly("three are all", "four are all");
    }
}
