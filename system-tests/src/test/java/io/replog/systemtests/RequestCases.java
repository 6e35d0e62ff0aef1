package io.replog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.systemtests.harness.Backend;
import io.replog.systemtests.harness.Cluster;
import io.replog.systemtests.harness.ClusterSpec;
import io.replog.systemtests.harness.Clusters;
import io.replog.systemtests.harness.Http;
import io.replog.systemtests.harness.Node;
import io.replog.systemtests.harness.RawHttp;
import io.replog.systemtests.harness.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request gets, good or bad; all cases ask one cluster. Nothing that is refused is ever stored. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RequestCases {
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String REFUSED = "refused";

    @RegisterExtension
    final Clusters clusters;

    private Cluster cluster;
    private Node master;

    RequestCases(Backend backend) {
        clusters = new Clusters(backend);
    }

    @BeforeAll
    void start() {
        cluster = clusters.start(ClusterSpec.three().steady().with("REPLOG_MAX_MESSAGE_SIZE", "64KB"));
        master = cluster.master();
    }

    @AfterAll
    void nothing_that_was_refused_is_stored() {
        if (cluster == null) {
            return;
        }
        assertThat(cluster.awaitSameLog().texts()).noneMatch(text -> text.contains(REFUSED));
    }

    private static void assertRefused(Reply reply, int status) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(reply.json().get("status").asInt()).isEqualTo(status);
        assertThat(reply.json().get("title").asString()).isNotBlank();
        assertThat(reply.json().get("type").asString()).isNotBlank();
        assertThat(reply.outcome()).isEqualTo("not-stored");
    }

    @Test
    void every_response_names_node_leader_and_term() {
        for (Node node : cluster.nodes()) {
            for (String path : new String[] {"/health", "/cluster", "/messages", "/no-such-path", "/livez"}) {
                Reply reply = node.get(path);
                assertThat(reply.header("Replog-Node"))
                        .as("%s: %s", path, reply)
                        .isEqualTo(node.id());
                assertThat(reply.header("Replog-Leader")).isEqualTo("master");
                assertThat(Long.parseLong(reply.header("Replog-Term"))).isPositive();
            }
        }
    }

    @Test
    void echo_answers_the_same_bytes_and_the_time() {
        // given
        byte[] any = new byte[10_000];
        for (int i = 0; i < any.length; i++) {
            any[i] = (byte) i;
        }

        // when
        Reply reply = master.send(Http.request(master.url() + "/echo", "Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(any)));

        // then
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        assertThat(reply.bytes()).isEqualTo(any);
        assertThat(Instant.parse(reply.header("Replog-Time")))
                .isBefore(Instant.now().plusSeconds(60));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/messages | not json, refused",
                "/messages | {\"message\":\"refused\"",
                "/messages | {\"message\":\"refused\"} trailing",
                "/messages | {\"message\":42, \"x\":\"refused\"}",
                "/messages | {\"message\":null}",
                "/messages | {\"text\":\"refused\"}",
                "/messages | {}",
                "/messages | []",
                "/messages | \"refused\"",
                "/messages | {\"message\":\"refused\",\"unknown\":1}",
                "/messages | {\"message\":\"refused\",\"w\":0}",
                "/messages | {\"message\":\"refused\",\"w\":-1}",
                "/messages | {\"message\":\"refused\",\"w\":4}",
                "/messages | {\"message\":\"refused\",\"w\":1.5}",
                "/messages | {\"message\":\"refused\",\"w\":\"many\"}",
                "/messages | {\"message\":\"refused\",\"w\":{}}",
                "/messages | {\"message\":\"refused\",\"w\":99999999999999999999}",
                "/messages?w=0 | {\"message\":\"refused\"}",
                "/messages?w=4 | {\"message\":\"refused\"}",
                "/messages?w= | {\"message\":\"refused\"}",
                "/messages?w=some | {\"message\":\"refused\"}",
                "/messages?timeout=5 | {\"message\":\"refused\"}",
                "/messages?timeout=-1s | {\"message\":\"refused\"}",
                "/messages?timeout=soon | {\"message\":\"refused\"}",
            })
    void a_bad_message_is_a_400_that_names_the_field(String path, String body) {
        // when
        Reply reply = master.post(path, JSON, body);

        // then
        assertRefused(reply, 400);
        assertThat(reply.json().get("detail").asString()).isNotBlank();
    }

    @Test
    void a_bad_batch_is_refused_as_a_whole() {
        String good = "{\"message\":\"refused\"}\n";
        assertRefused(master.post("/messages", NDJSON, ""), 400);
        assertRefused(master.post("/messages", NDJSON, good + "{\"message\":\n" + good), 400);
        assertRefused(master.post("/messages", NDJSON, good + "{\"message\":1}\n" + good), 400);
        assertRefused(master.post("/messages", NDJSON, good + "{\"message\":\"refused\",\"w\":7}\n"), 400);
        Reply many = master.post("/messages", NDJSON, good.repeat(10_001));
        assertThat(many.status()).as("%s", many).isIn(400, 413);
        assertThat(many.outcome()).isEqualTo("not-stored");
    }

    @Test
    void a_body_that_is_too_large_is_a_413_however_it_is_sent() {
        String large = REFUSED + "x".repeat(70_000);
        assertRefused(master.post("/messages", "text/plain", large), 413);
        assertRefused(master.post("/messages", JSON, "{\"message\":\"" + large + "\"}"), 413);
        byte[] bytes = large.getBytes(StandardCharsets.UTF_8);
        Reply chunked = master.send(Http.request(master.url() + "/messages", "Content-Type", "text/plain")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))));
        assertRefused(chunked, 413);
    }

    @Test
    void a_body_of_a_type_that_is_not_understood_is_a_415() {
        assertRefused(master.post("/messages", "application/xml", "<refused/>"), 415);
        assertRefused(master.post("/messages", "image/png", "refused"), 415);
    }

    @Test
    void invalid_utf_8_is_refused() throws IOException {
        for (String type : new String[] {"text/plain", JSON, NDJSON}) {
            byte[] head = ("POST /messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type
                            + "\r\nContent-Length: 26\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] body = "{\"message\":\"refused   \"}  \n".substring(0, 26).getBytes(StandardCharsets.US_ASCII);
            body[19] = (byte) 0xC3;
            body[20] = (byte) 0x28;
            byte[] request = new byte[head.length + body.length];
            System.arraycopy(head, 0, request, 0, head.length);
            System.arraycopy(body, 0, request, head.length, body.length);

            String answer = RawHttp.exchange(master.url(), request);

            assertThat(answer).as(type).startsWith("HTTP/1.1 400").contains("not-stored");
        }
    }

    @Test
    void malformed_http_is_answered_and_harms_nobody() throws IOException {
        assertThat(RawHttp.exchange(master.url(), "NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(RawHttp.exchange(
                        master.url(),
                        "POST /messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                                + "Content-Length: abc\r\n\r\nrefused"))
                .startsWith("HTTP/1.1 400");
        assertThat(RawHttp.exchange(
                        master.url(),
                        "POST /messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\nzz\r\nrefused\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(master.append("after nonsense", "1").status()).isEqualTo(201);
    }

    @Test
    void a_chunked_body_is_taken() {
        Reply reply = master.send(Http.request(master.url() + "/messages?w=1", "Content-Type", "text/plain")
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream("chünked".getBytes(StandardCharsets.UTF_8)))));
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        assertThat(master.get("/messages/" + reply.json().get("id").asLong())
                        .json()
                        .get("message")
                        .asString())
                .isEqualTo("chünked");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/messages?from=0",
                "/messages?from=x",
                "/messages?limit=0",
                "/messages?limit=-1",
                "/messages?read=dirty",
                "/messages?min_index=x",
                "/messages?wait=5",
                "/log?from=0",
                "/messages/1/acks?wait=5",
            })
    void a_bad_parameter_is_a_400(String path) {
        Reply reply = master.get(path);
        assertThat(reply.status()).as("%s", reply).isEqualTo(400);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void what_http_has_is_answered_as_http_has_it() {
        assertThat(master.get("/no-such-path").status()).isEqualTo(404);
        assertThat(master.get("/messages/999999").status()).isEqualTo(404);
        assertThat(master.get("/log/digest?upto=999999").status()).isEqualTo(404);
        Reply method = master.call("DELETE", "/messages");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).contains("GET", "POST");
        assertThat(master.get("/messages", "Accept", "image/png").status()).isEqualTo(406);
    }

    @Test
    void a_key_makes_a_repeat_recognisable_on_every_node() {
        // given
        Reply first = master.append("with a key", "all", "Idempotency-Key", "request-key");

        // when
        for (Node node : cluster.nodes()) {
            Reply again = node.append("with a key", "all", "Idempotency-Key", "request-key");

            // then
            assertThat(again.status()).as("%s", again).isEqualTo(200);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
            assertRefused(node.append("refused: another body", "1", "Idempotency-Key", "request-key"), 422);
        }
        assertRefused(master.append(REFUSED, "1", "Idempotency-Key", ""), 400);
        assertRefused(master.append(REFUSED, "1", "Idempotency-Key", "k".repeat(256)), 400);
    }

    @Test
    void a_client_s_sequence_goes_forward_only() {
        Reply five = master.append("five", "1", "Client-Id", "c1", "Client-Seq", "5");
        Reply again = master.append("five", "1", "Client-Id", "c1", "Client-Seq", "5");
        assertThat(five.status()).as("%s", five).isEqualTo(201);
        assertThat(again.status()).as("%s", again).isEqualTo(200);
        assertThat(again.json().get("id")).isEqualTo(five.json().get("id"));
        assertRefused(master.append(REFUSED, "1", "Client-Id", "c1", "Client-Seq", "4"), 409);
        assertRefused(master.append(REFUSED, "1", "Client-Id", "c1", "Client-Seq", "5"), 422);
        assertRefused(master.append(REFUSED, "1", "Client-Id", "c1"), 400);
        assertRefused(master.append(REFUSED, "1", "Client-Seq", "1"), 400);
        assertRefused(master.append(REFUSED, "1", "Client-Id", "c1", "Client-Seq", "0"), 400);
        assertThat(master.append("seven", "1", "Client-Id", "c1", "Client-Seq", "7")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void a_batch_takes_consecutive_ids() {
        Reply reply = master.post("/messages?w=all", NDJSON, "{\"message\":\"b1\"}\n{\"message\":\"b2\"}\r\n");
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        long first = reply.json().get("firstId").asLong();
        assertThat(reply.json().get("lastId").asLong()).isEqualTo(first + 1);
        assertThat(reply.json().get("count").asInt()).isEqualTo(2);
        assertThat(master.get("/messages/" + first).json().get("message").asString())
                .isEqualTo("b1");
    }

    @Test
    void a_write_that_reaches_a_follower_is_taken_to_the_leader_or_sent_there() {
        // when
        Node follower = cluster.node("secondary-1");
        Reply forwarded = follower.append("through a follower", "all");
        Reply redirected = follower.append("redirected", "1", "Replog-Test", "x");
        Reply sent = follower.post("/messages?redirect=true&w=1", "text/plain", "refused by a redirect");

        // then
        assertThat(forwarded.status()).as("%s", forwarded).isEqualTo(201);
        assertThat(forwarded.header("Replog-Node")).isIn("secondary-1", "master");
        assertThat(redirected.status()).isEqualTo(201);
        assertThat(sent.status()).isEqualTo(307);
        assertThat(sent.header("Location"))
                .startsWith(master.cluster().get("leaderUrl").asString() + "/messages");
    }

    @Test
    void lists_come_in_all_forms() {
        // given
        String json = "{\"message\":\"line\"}\n";
        long first = master.post("/messages?w=all", NDJSON, json.repeat(5))
                .json()
                .get("firstId")
                .asLong();
        Node node = cluster.node("secondary-2");

        // when
        Reply page = node.get("/messages?from=" + first + "&limit=2");
        Reply lines = node.get("/messages?from=" + first + "&limit=2", "Accept", NDJSON);
        Reply text = node.get("/messages?from=" + first + "&limit=2", "Accept", "text/plain");

        // then
        assertThat(page.json().get("messages")).hasSize(2);
        assertThat(page.header("Link")).contains("rel=\"next\"").contains("from=" + (first + 2));
        assertThat(lines.text().lines()).hasSize(2).allMatch(line -> line.contains("\"message\":\"line\""));
        assertThat(text.text()).isEqualTo("line\nline\n");
        assertThat(node.get("/messages?read=linearizable").status()).isEqualTo(200);
        assertThat(node.get("/messages?read=committed").status()).isEqualTo(200);
    }

    @Test
    void a_deadline_that_passes_after_the_append_is_unknown_and_settled_by_the_acks() {
        // given
        Node slow = cluster.node("secondary-2");
        assertThat(slow.send("PUT", "/faults", JSON, "{\"delay\":\"2s\"}").status())
                .isEqualTo(200);

        // when
        Reply reply = master.append("late", "3&timeout=500ms");

        // then
        assertThat(reply.status()).as("%s", reply).isEqualTo(504);
        assertThat(reply.outcome()).isEqualTo("unknown");
        assertThat(reply.json().get("acks").toString()).contains("master");
        assertThat(reply.json().get("missing").toString()).contains("secondary-2");
        long id = reply.json().get("id").asLong();
        assertThat(reply.json().get("index").asLong()).isPositive();
        slow.call("DELETE", "/faults");
        Reply acks = master.get("/messages/" + id + "/acks?wait=10s");
        assertThat(acks.json().get("acks")).as("%s", acks).hasSize(3);
        assertThat(acks.json().get("committed").asBoolean()).isTrue();
    }

    @Test
    void a_node_waits_for_an_index_that_a_reader_names() {
        Reply write = master.append("read your write", "1");
        long index = write.json().get("index").asLong();
        Reply read = cluster.node("secondary-1").get("/messages?min_index=" + index + "&wait=10s");
        assertThat(read.status()).as("%s", read).isEqualTo(200);
        assertThat(read.text()).contains("read your write");
        Reply never = cluster.node("secondary-1").get("/messages?min_index=99999999&wait=100ms");
        assertThat(never.status()).as("%s", never).isEqualTo(504);
    }

    @Test
    void the_inside_of_the_log_is_shown() {
        master.append("to look at", "all");
        Reply log = master.get("/log?from=1&limit=3");
        assertThat(log.status()).as("%s", log).isEqualTo(200);
        assertThat(log.text()).contains("\"index\":1").contains("\"crc\"");
        assertThat(master.get("/actuator/prometheus").status()).isEqualTo(200);
        assertThat(master.get("/actuator/metrics").status()).isEqualTo(200);
        assertThat(master.get("/actuator/info").status()).isEqualTo(200);
        assertThat(master.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(master.get("/v3/api-docs").status()).isEqualTo(200);
    }
}
