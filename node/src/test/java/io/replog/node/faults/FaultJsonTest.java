package io.replog.node.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.quorum.NodeId;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class FaultJsonTest {
    private final FaultJson json = new FaultJson(JsonMapper.shared());

    @Test
    void reads_all_fields_of_the_contract_and_writes_what_it_reads() {
        // given
        String body = """
                {"delay": "2s", "jitter": "10ms",
                 "clients": {"dropRequests": 0.1, "dropReplies": 0.2, "errorRate": 0.3},
                 "peers":   {"dropRequests": 0.4, "dropReplies": 0.5, "errorRate": 0.6, "duplicate": 1,
                             "block": ["secondary-2"], "blockFrom": ["a"], "blockTo": ["b"],
                             "blockEntries": ["secondary-1"]},
                 "crashAfter": 5, "fsyncDelay": "1m"}""";

        // when
        FaultSettings settings = json.read(body);

        // then
        assertThat(settings)
                .isEqualTo(new FaultSettings(
                        Duration.ofSeconds(2),
                        Duration.ofMillis(10),
                        new FaultSettings.Clients(0.1, 0.2, 0.3),
                        new FaultSettings.Peers(
                                0.4,
                                0.5,
                                0.6,
                                1,
                                Set.of(new NodeId("secondary-2")),
                                Set.of(new NodeId("a")),
                                Set.of(new NodeId("b")),
                                Set.of(new NodeId("secondary-1"))),
                        5,
                        Duration.ofMinutes(1)));
        assertThat(json.read(json.write(settings))).isEqualTo(settings);
    }

    @Test
    void takes_what_is_left_out_as_off() {
        assertThat(json.read("{}")).isEqualTo(FaultSettings.NONE);
        assertThat(json.read(json.write(FaultSettings.NONE))).isEqualTo(FaultSettings.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ | the body is not JSON",
                "[] | the body: accepted is a JSON object",
                "{\"dely\":\"1s\"} | unknown field 'dely'",
                "{\"clients\":{\"dropAll\":1}} | unknown field 'clients.dropAll'",
                "{\"clients\":1} | 'clients': accepted is a JSON object",
                "{\"clients\":{\"dropRequests\":1.1}} | 'clients.dropRequests' is 1.1: accepted are numbers from 0 to 1",
                "{\"peers\":{\"duplicate\":-0.1}} | 'peers.duplicate' is -0.1",
                "{\"peers\":{\"errorRate\":\"often\"}} | 'peers.errorRate' is \"often\"",
                "{\"peers\":{\"block\":\"a\"}} | 'peers.block' is \"a\": accepted is a list of node ids",
                "{\"peers\":{\"block\":[\"a b\"]}} | 'peers.block' is \"a b\"",
                "{\"delay\":5} | 'delay' is 5: accepted are durations with their unit",
                "{\"delay\":\"5\"} | accepted are durations with their unit",
                "{\"delay\":\"-1s\"} | accepted are durations with their unit",
                "{\"fsyncDelay\":\"99999m\"} | up to a day",
                "{\"crashAfter\":0} | 'crashAfter' is 0: accepted are whole numbers from 1",
                "{\"crashAfter\":1.5} | 'crashAfter' is 1.5"
            })
    void refuses_what_it_does_not_understand(String body, String message) {
        assertThatThrownBy(() -> json.read(body))
                .isInstanceOf(FaultSyntaxException.class)
                .hasMessageContaining(message);
    }
}
