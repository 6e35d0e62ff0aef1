package io.replog.node.web.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.FakeLog;
import io.replog.node.web.TestNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AppendTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NDJSON = "application/x-ndjson";
    private static final String TEXT = "text/plain";
    private static TestNode node;
    private long lastIdBefore;

    @BeforeAll
    static void startNode() {
        node = TestNode.start(FakeLog.leaderOfThree());
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @BeforeEach
    void resetLog() {
        node.log().script(_ -> null);
        node.log().refuseWith(null);
        lastIdBefore = node.log().durableId();
    }

    // what is acknowledged

    @Test
    void aMessageIsAnsweredWithItsPlace() {
        HttpResponse<String> response = node.postJson("/messages", "{\"message\":\"héllo\",\"w\":2}");

        JsonNode body = JSON.readTree(response.body());
        long id = lastIdBefore + 1;
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(header(response, "Location")).isEqualTo("/messages/" + id);
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(body.propertyNames()).containsExactly("id", "index", "term", "w", "acks", "committed");
        assertThat(body.get("id").longValue()).isEqualTo(id);
        assertThat(body.get("acks").toString()).isEqualTo("[\"master\",\"secondary-1\",\"secondary-2\"]");
        assertThat(storedTexts()).containsExactly("héllo");
        assertThat(node.log().lastW()).isEqualTo(new WriteConcern.Count(2));
        assertThat(node.log().lastDeadline().isNone()).isTrue();
    }

    @Test
    void textIsStoredAsItIs() {
        HttpResponse<String> response = node.post(
                "/messages?w=majority&timeout=5s", "text/plain;charset=utf-8", "{\"message\"\n", "Accept", "*/*");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(storedTexts()).containsExactly("{\"message\"\n");
        assertThat(node.log().lastW()).isEqualTo(WriteConcern.MAJORITY);
        assertThat(node.log().lastDeadline().remaining()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
    }

    @Test
    void aBatchIsOneRequestWithConsecutiveIds() {
        HttpResponse<String> response =
                node.post("/messages", NDJSON, "{\"message\":\"a\"}\r\n{\"message\":\"\"}\n{\"message\":\"c\"}");

        JsonNode body = JSON.readTree(response.body());
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(body.propertyNames())
                .containsExactly("firstId", "lastId", "count", "index", "term", "w", "acks", "committed");
        assertThat(body.get("firstId").longValue()).isEqualTo(lastIdBefore + 1);
        assertThat(body.get("lastId").longValue()).isEqualTo(lastIdBefore + 3);
        assertThat(body.get("count").longValue()).isEqualTo(3);
        assertThat(storedTexts()).containsExactly("a", "", "c");
    }

    @Test
    void theLargestBatchIsTaken() {
        String batch = "{\"message\":\"a\"}\n".repeat(10_000);

        assertThat(node.post("/messages", NDJSON, batch).statusCode()).isEqualTo(201);
        assertThat(storedTexts()).hasSize(10_000);
    }

    @Test
    void theLargestMessageIsTakenHoweverItIsEscaped() {
        String json = "{\"message\":\"" + "\\u0061".repeat(1024 * 1024) + "\"}";

        assertThat(node.postJson("/messages", json).statusCode()).isEqualTo(201);
        assertThat(storedTexts().getFirst()).hasSize(1024 * 1024);
    }

    @Test
    void theWriteConcernOfTheQueryWins() {
        node.postJson("/messages?w=1", "{\"message\":\"a\",\"w\":\"all\"}");

        assertThat(node.log().lastW()).isEqualTo(new WriteConcern.Count(1));
    }

    @Test
    void aRepeatIsAnsweredAsOne() {
        node.log().script(_ -> new Outcome.Acknowledged(placement(7, 7), 3, true, null));

        HttpResponse<String> response = node.postJson("/messages", "{\"message\":\"a\"}", "Idempotency-Key", "key-1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(header(response, "Location")).isEqualTo("/messages/7");
    }

    @Test
    void keysTravelWithTheRequestAndTellItsContent() {
        RequestKey first = keyOf("{\"message\":\"a\"}", "Idempotency-Key", "k");
        RequestKey same = keyOf(" {\"message\":\"\\u0061\"} ", "Idempotency-Key", "k");
        RequestKey other = keyOf("{\"message\":\"b\"}", "Idempotency-Key", "k");
        RequestKey client = keyOf("{\"message\":\"a\"}", "Client-Id", "c", "Client-Seq", "5");

        assertThat(first)
                .isInstanceOf(RequestKey.Idempotency.class)
                .isEqualTo(same)
                .isNotEqualTo(other);
        assertThat(client).isInstanceOfSatisfying(RequestKey.ClientSequence.class, key -> {
            assertThat(key.clientId()).isEqualTo("c");
            assertThat(key.sequence()).isEqualTo(5);
        });
    }

    // what is refused before the log sees it

    static Stream<Arguments> badRequests() {
        String ok = "{\"message\":\"a\"}";
        String json = "application/json";
        return Stream.of(
                Arguments.of(400, "/messages", json, "{\"message\":", "JSON"),
                Arguments.of(400, "/messages", json, "", "'message'"),
                Arguments.of(400, "/messages", json, "{}", "'message' is missing"),
                Arguments.of(400, "/messages", json, "{\"message\":5}", "'message' is not a string"),
                Arguments.of(400, "/messages", json, "{\"message\":\"a\",\"colour\":1}", "'colour'"),
                Arguments.of(400, "/messages", json, "{\"message\":\"a\",\"message\":\"b\"}", "twice"),
                Arguments.of(400, "/messages", json, "{\"message\":\"\\ud800\"}", "surrogate"),
                Arguments.of(400, "/messages", json, "{\"message\":\"a\",\"w\":0}", "w=0"),
                Arguments.of(400, "/messages", json, "{\"message\":\"a\",\"w\":4}", "from 1 to 3"),
                Arguments.of(400, "/messages", json, "{\"message\":\"a\",\"w\":2.5}", "'2.5'"),
                Arguments.of(400, "/messages", json, "{\"message\":\"a\",\"w\":\"some\"}", "'majority'"),
                Arguments.of(400, "/messages?w=0", json, ok, "w=0"),
                Arguments.of(400, "/messages?w=-1", json, ok, "w='-1'"),
                Arguments.of(400, "/messages?w=", json, ok, "w=''"),
                Arguments.of(400, "/messages?w=99999999999", json, ok, "data-bearing"),
                Arguments.of(400, "/messages?w=1&w=2", json, ok, "'w' is there twice"),
                Arguments.of(400, "/messages?timeout=5", json, ok, "'timeout'"),
                Arguments.of(400, "/messages?timeout=-5s", json, ok, "500ms"),
                Arguments.of(400, "/messages?redirect=perhaps&timeout=x", json, ok, "'timeout'"),
                Arguments.of(400, "/messages", NDJSON, "", "batch is empty"),
                Arguments.of(400, "/messages", NDJSON, ok + "\n{\"message\":}\n" + ok, "line 2"),
                Arguments.of(400, "/messages", NDJSON, ok + "\n\n" + ok, "line 2"),
                Arguments.of(400, "/messages", NDJSON, ok + "\n{\"message\":\"a\",\"w\":1}", "line 2"),
                Arguments.of(413, "/messages", NDJSON, (ok + "\n").repeat(10_001), "10000"),
                Arguments.of(413, "/messages", NDJSON, " ".repeat(16 * 1024 * 1024 + 1), "16777216"),
                Arguments.of(413, "/messages", TEXT, "a".repeat(1024 * 1024 + 1), "1048576"),
                Arguments.of(
                        413, "/messages", json, "{\"message\":\"" + "a".repeat(1024 * 1024 + 1) + "\"}", "1048576"),
                Arguments.of(413, "/messages", json, " ".repeat(7 * 1024 * 1024), "larger"),
                Arguments.of(415, "/messages", "application/xml", "<a/>", "application/json"),
                Arguments.of(415, "/messages", "application/x-www-form-urlencoded", ok, "application/json"),
                Arguments.of(415, "/messages", "text/plain;charset=iso-8859-1", "a", "utf-8"));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void refusesWithAProblemThatNamesTheField(int status, String path, String type, String body, String named) {
        HttpResponse<String> response = node.post(path, type, body);

        assertNotStored(response, status, named);
    }

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                Arguments.of(400, List.of("Idempotency-Key", "a b"), "Idempotency-Key"),
                Arguments.of(400, List.of("Idempotency-Key", "k".repeat(256)), "255"),
                Arguments.of(400, List.of("Idempotency-Key", ""), "Idempotency-Key"),
                Arguments.of(400, List.of("Client-Id", "c"), "Client-Seq is missing"),
                Arguments.of(400, List.of("Client-Seq", "1"), "Client-Id is missing"),
                Arguments.of(400, List.of("Client-Id", "c", "Client-Seq", "0"), "from 1"),
                Arguments.of(400, List.of("Client-Id", "c", "Client-Seq", "x"), "from 1"),
                Arguments.of(400, List.of("Client-Id", "c".repeat(65), "Client-Seq", "1"), "64"),
                Arguments.of(400, List.of("Idempotency-Key", "k", "Client-Id", "c", "Client-Seq", "1"), "not both"),
                Arguments.of(406, List.of("Accept", "image/png"), "application/json"));
    }

    @ParameterizedTest
    @MethodSource("badHeaders")
    void refusesHeadersThatItDoesNotUnderstand(int status, List<String> headers, String named) {
        HttpResponse<String> response =
                node.postJson("/messages", "{\"message\":\"a\"}", headers.toArray(String[]::new));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).get("detail").stringValue()).contains(named);
        assertThat(node.log().durableId()).isEqualTo(lastIdBefore);
    }

    @Test
    void invalidUtf8IsRefusedInEachForm() {
        byte[] invalid = {'a', (byte) 0xff};
        for (String type : List.of("application/json", TEXT, NDJSON)) {
            byte[] body =
                    type.equals(TEXT) ? invalid : "{\"message\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
            HttpResponse<String> response = node.send(HttpRequest.newBuilder(node.uri("/messages"))
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)));

            assertNotStored(response, 400, "UTF-8");
        }
    }

    @Test
    void aChunkedBodyIsReadNoFurtherThanItMay() {
        byte[] piece = new byte[64 * 1024];
        HttpResponse<String> response = node.send(HttpRequest.newBuilder(node.uri("/messages"))
                .header("Content-Type", TEXT)
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new SequenceInputStream(Collections.enumeration(IntStream.range(0, 300)
                                .mapToObj(_ -> (InputStream) new ByteArrayInputStream(piece))
                                .toList())))));

        assertNotStored(response, 413, "larger");
    }

    // what the log refuses, or does not know

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(Refusal.NO_QUORUM, 503, "read-only"),
                Arguments.of(Refusal.DEADLINE, 503, "deadline"),
                Arguments.of(Refusal.OVERLOADED, 429, "too many"),
                Arguments.of(Refusal.WRITE_CONCERN, 400, "1 to 3"),
                Arguments.of(Refusal.KEY_REUSED, 422, "same body"),
                Arguments.of(Refusal.SEQUENCE_TOO_OLD, 409, "Client-Seq"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalOfTheLogIsNotStored(Refusal refusal, int status, String named) {
        node.log().script(_ -> new Outcome.Refused(refusal));

        HttpResponse<String> response = node.postJson("/messages", "{\"message\":\"a\"}");

        assertNotStored(response, status, named);
        assertThat(response.headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503 || status == 429);
    }

    @Test
    void aFullDiskAndAFullQueueAreNotStored() {
        node.log().refuseWith(new ReplicatedLog.LogFullException("no room"));
        assertNotStored(node.postJson("/messages", "{\"message\":\"a\"}"), 507, "no room");

        node.log().refuseWith(new ReplicatedLog.LogBusyException("the queue is full"));
        assertNotStored(node.postJson("/messages", "{\"message\":\"a\"}"), 429, "queue");
    }

    @Test
    void anUnknownOutcomeSaysWhatIsKnown() {
        for (Outcome.Unknown.Cause cause : Outcome.Unknown.Cause.values()) {
            node.log().script(_ -> new Outcome.Unknown(placement(7, 7), cause));

            HttpResponse<String> response = node.postJson("/messages?timeout=1s", "{\"message\":\"a\"}");

            JsonNode body = JSON.readTree(response.body());
            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(body.get("outcome").stringValue()).isEqualTo("unknown");
            assertThat(body.get("id").longValue()).isEqualTo(7);
            assertThat(body.get("index").longValue()).isEqualTo(9);
            assertThat(body.get("acks").toString()).isEqualTo("[\"master\"]");
            assertThat(body.get("missing").toString()).isEqualTo("[\"secondary-1\",\"secondary-2\"]");
            assertThat(response.headers().firstValue("Location")).isEmpty();
        }
    }

    @Test
    void aFaultOfOursIsUnknownAndSaysNoMore() {
        node.log().refuseWith(new IllegalStateException("secret"));

        HttpResponse<String> response = node.postJson("/messages", "{\"message\":\"a\"}");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("\"outcome\":\"unknown\"").doesNotContain("secret");
        assertThat(header(response, "Replog-Node")).isEqualTo("master");
    }

    @Test
    void otherMethodsAreNotAllowed() {
        HttpResponse<String> response =
                node.send(HttpRequest.newBuilder(node.uri("/messages")).DELETE());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).contains("GET").contains("POST");
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }

    private void assertNotStored(HttpResponse<String> response, int status, String named) {
        JsonNode body = JSON.readTree(response.body());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(header(response, "Replog-Node")).isEqualTo("master");
        assertThat(body.get("status").intValue()).isEqualTo(status);
        assertThat(body.get("type").stringValue()).startsWith("urn:replog:problem:");
        assertThat(body.get("title").stringValue()).isNotEmpty();
        assertThat(body.get("detail").stringValue()).contains(named);
        assertThat(body.get("outcome").stringValue()).isEqualTo("not-stored");
        assertThat(node.log().durableId()).isEqualTo(lastIdBefore);
    }

    private static RequestKey keyOf(String body, String... headers) {
        assertThat(node.postJson("/messages", body, headers).statusCode()).isIn(200, 201, 422);
        return node.log().lastRequest().key();
    }

    private static Outcome.Placement placement(long firstId, long lastId) {
        return new Outcome.Placement(
                firstId,
                lastId,
                9,
                1,
                List.of(new NodeId("master")),
                List.of(new NodeId("secondary-1"), new NodeId("secondary-2")),
                false);
    }

    private static List<String> storedTexts() {
        Payload payload = EntryCodec.payload(
                node.log().entryOfMessage(node.log().durableId()).orElseThrow());
        return ((Payload.Messages) payload)
                .texts().stream()
                        .map(text -> new String(text, StandardCharsets.UTF_8))
                        .toList();
    }

    private static String header(HttpResponse<String> response, String name) {
        Map<String, List<String>> headers = response.headers().map();
        assertThat(headers).containsKey(name.toLowerCase(Locale.ROOT));
        return response.headers().firstValue(name).orElseThrow();
    }
}
