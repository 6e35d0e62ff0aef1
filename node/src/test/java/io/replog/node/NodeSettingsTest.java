package io.replog.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class NodeSettingsTest {

    @Test
    void has_the_defaults_of_the_contract() {
        NodeSettings settings = settings(Map.of("replog.node-id", "master"));

        assertThat(settings.dataDir()).isEqualTo(Path.of("data/master"));
        assertThat(settings.writeConcern()).isEqualTo(WriteConcern.ALL);
        assertThat(settings.kvWriteConcern()).isEqualTo(WriteConcern.MAJORITY);
        assertThat(settings.delay()).isEqualTo(Duration.ZERO);
        assertThat(settings.maxMessageBytes()).isEqualTo(1 << 20);
        assertThat(settings.textPort()).isZero();
        assertThat(settings.faultsEnabled()).isFalse();
        assertThat(settings.clusterSecret()).isNull();
        assertThat(settings.replica().founder()).isFalse();
        assertThat(settings.replica().fixedLeader()).isFalse();
        assertThat(settings.replica().timing().heartbeatInterval())
                .isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(settings.replica().timing().electionTimeout())
                .isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(settings.replica().timing().spareAfter())
                .isEqualTo(Duration.ofSeconds(5).toNanos());
        assertThat(settings.replica().limits().requestKeys()).isEqualTo(100_000);
        assertThat(settings.replica().configured().members())
                .extracting(member -> member.id() + "=" + member.url() + " " + member.kind())
                .containsExactly(
                        "master=http://127.0.0.1:5000 VOTER",
                        "secondary-1=http://127.0.0.1:5001 VOTER",
                        "secondary-2=http://127.0.0.1:5002 VOTER");
    }

    @Test
    void reads_kinds_and_priorities_of_members() {
        NodeSettings settings = settings(Map.of(
                "replog.node-id",
                "a",
                "replog.members",
                "a=http://h1:1/;priority=5, b=http://h2:2;kind=witness,c=http://h3;kind=spare;priority=0"));

        assertThat(settings.replica().configured().members())
                .extracting(member -> member.id() + " " + member.url() + " " + member.kind() + " " + member.priority())
                .containsExactly("a http://h1:1 VOTER 5", "b http://h2:2 WITNESS 1", "c http://h3 SPARE 0");
    }

    @ParameterizedTest(name = "on {0}, founder {1}")
    @CsvSource({"master, true", "secondary-1, false", "secondary-2, false"})
    void makes_secondaries_without_a_kind_learners_where_the_master_is_fixed(String id, boolean founder) {
        NodeSettings settings = settings(
                Map.of("replog.node-id", id, "replog.failover", "false", "replog.founder", Boolean.toString(founder)));

        assertThat(settings.replica().fixedLeader()).isTrue();
        assertThat(settings.replica().configured().members())
                .filteredOn(member -> member.kind() == MemberKind.VOTER)
                .extracting(member -> member.id())
                .containsExactly(new NodeId("master"));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "replog.members | a=http://h:1,a=http://h:2 | listed twice",
                "replog.members | a=http://h:1,b=http://h:1 | listed twice",
                "replog.members | b=http://h:1 | must have this node's id",
                "replog.members | a=http://h:1;kind=learner,b=http://h:2;kind=witness | must be a voter that bears data",
                "replog.members | a=ftp://h:1 | not of the form http://host:port",
                "replog.members | a=https://h:1 | https is not supported",
                "replog.members | a=http://h:1/path | not of the form http://host:port",
                "replog.members | a=http://h:70000 | port",
                "replog.members | a=http://h h | not a url",
                "replog.members | a | accepted are id=url pairs",
                "replog.members | a!=http://h:1 | letters, digits",
                "replog.members | a=http://h:1;kind=king | the kind 'king' is unknown",
                "replog.members | a=http://h:1;priority=-1 | not understood",
                "replog.members | a=http://h:1;color=red | not understood",
                "replog.write-concern | 0 | accepted are a whole number from 1",
                "replog.write-concern | 2 | replog.members has 1 that bear data",
                "replog.kv.write-concern | 2 | replog.members has 1 that bear data",
                "replog.write-concern | most | accepted are a whole number from 1",
                "replog.kv.write-concern | -1 | accepted are a whole number from 1",
                "replog.delay | -1s | accepted are durations",
                "replog.heartbeat-interval | 0s | accepted are durations",
                "replog.election-timeout | 0s | accepted are durations",
                "replog.election-timeout | 150ms | at least twice replog.heartbeat-interval",
                "replog.spare-after | -5s | accepted are durations",
                "replog.max-message-size | 0B | accepted are whole numbers from 1",
                "replog.text-port | 70000 | accepted are 0 (off) to 65535",
                "replog.text-port | -1 | accepted are 0 (off) to 65535",
                "replog.idempotency.keys | 0 | accepted are whole numbers from 1",
                "replog.limits.inbox | 0 | accepted are whole numbers from 16",
                "replog.limits.batch-bytes | 1B | accepted are whole numbers from 1024"
            })
    void refuses_what_a_node_cannot_start_with(String property, String value, String accepted) {
        Map<String, String> properties = property.equals("replog.members")
                ? Map.of("replog.node-id", "a", property, value)
                : Map.of("replog.node-id", "a", "replog.members", "a=http://h:1", property, value);

        assertThatThrownBy(() -> settings(properties))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(property + " is '")
                .hasMessageContaining(accepted)
                .hasMessageNotContaining("\n");
    }

    @Test
    void refuses_a_bad_node_id() {
        assertThatThrownBy(() -> settings(Map.of("replog.node-id", "a b")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("replog.node-id is 'a b': accepted are 1 to 64 letters");
    }

    @Test
    void does_not_show_a_bad_secret() {
        assertThatThrownBy(() -> settings(Map.of("replog.node-id", "master", "replog.cluster-secret", "zwölf")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("replog.cluster-secret")
                .hasMessageNotContaining("zw");
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "replog.delay | soon | replog.delay is 'soon': accepted are durations with their unit",
                "replog.max-message-size | big | replog.max-message-size is 'big': accepted are sizes with their unit",
                "replog.failover | perhaps | replog.failover is 'perhaps': accepted are true and false",
                "replog.text-port | x | replog.text-port is 'x': accepted are whole numbers",
                "replog.electoin-timeout | 1s | replog.electoin-timeout is '1s': there is no such setting"
            })
    void says_in_one_line_what_cannot_be_bound(String property, String value, String line) {
        assertThatThrownBy(() -> settings(Map.of(property, value)))
                .isInstanceOf(BindException.class)
                .satisfies(failure -> {
                    Throwable cause = failure;
                    String described = StartFailureReporter.describe(cause);
                    while (described == null && cause.getCause() != null) {
                        cause = cause.getCause();
                        described = StartFailureReporter.describe(cause);
                    }
                    assertThat(described).startsWith(line).doesNotContain("\n");
                });
    }

    private static NodeSettings settings(Map<String, String> properties) {
        Binder binder = new Binder(new MapConfigurationPropertySource(properties));
        return NodeSettings.of(binder.bindOrCreate(
                "replog", Bindable.of(ReplogProperties.class), new NoUnboundElementsBindHandler(BindHandler.DEFAULT)));
    }
}
