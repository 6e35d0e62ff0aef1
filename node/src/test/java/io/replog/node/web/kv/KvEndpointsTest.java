package io.replog.node.web.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvResult;
import io.replog.core.kv.KvText;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.Role;
import io.replog.node.engine.Deadline;
import io.replog.node.web.FakeLog;
import io.replog.node.web.TestNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvEndpointsTest {
    private static TestNode node;
    private static int tests;

    private String key;

    @BeforeAll
    static void start() {
        node = TestNode.start(FakeLog.leaderOfThree());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void newKey() {
        key = "key" + tests++;
        node.log().script(_ -> null);
        node.log().role(Role.LEADER, "master");
    }

    @Test
    void putAnswersWithThePreviousValueAndAnETag() {
        HttpResponse<String> first = put(key, "one");
        HttpResponse<String> second = put(key, "two \"and\" ü 😀");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body())
                .isEqualTo("{\"key\":\"%s\",\"value\":\"one\",\"index\":%d,\"previous\":null}"
                        .formatted(key, index(first)));
        assertThat(second.body()).contains("\"previous\":\"one\"").contains("\"two \\\"and\\\" ü 😀\"");
        assertThat(second.headers().firstValue("ETag")).hasValue("\"" + index(second) + "\"");
        assertThat(index(second)).isGreaterThan(index(first));
        assertThat(node.log().lastW()).isEqualTo(WriteConcern.MAJORITY);
    }

    @Test
    void getGivesTheValueAsJsonAndAsText() {
        long index = index(put(key, "väl\nue"));

        HttpResponse<String> json = node.get("/kv/" + key);
        HttpResponse<String> text = node.get("/kv/" + key, "Accept", "text/plain");

        assertThat(json.body()).isEqualTo("{\"key\":\"%s\",\"value\":\"väl\\nue\",\"index\":%d}".formatted(key, index));
        assertThat(json.headers().firstValue("ETag")).hasValue("\"" + index + "\"");
        assertThat(text.body()).isEqualTo("väl\nue");
        assertThat(text.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
    }

    @Test
    void anAbsentKeyIsNotFound() {
        HttpResponse<String> response = node.get("/kv/" + key);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void appendConcatenates() {
        HttpResponse<String> first = node.postJson("/kv/" + key + "/append", "{\"value\":\"a\"}");
        HttpResponse<String> second = node.post("/kv/" + key + "/append", "text/plain", "b");

        assertThat(first.body())
                .isEqualTo(
                        "{\"key\":\"%s\",\"value\":\"a\",\"index\":%d,\"previous\":null}".formatted(key, index(first)));
        assertThat(second.body())
                .isEqualTo("{\"key\":\"%s\",\"value\":\"ab\",\"index\":%d,\"previous\":\"a\"}"
                        .formatted(key, index(second)));
    }

    @Test
    void hashChains() {
        HttpResponse<String> first = node.postJson("/kv/" + key + "/hash", "{\"value\":\"foobar\"}");
        HttpResponse<String> second = node.postJson("/kv/" + key + "/hash", "{\"value\":\"x\"}");

        String hash = Integer.toUnsignedString(0xbf9cf968);
        assertThat(first.body())
                .isEqualTo("{\"previous\":null,\"value\":\"%s\",\"index\":%d}".formatted(hash, index(first)));
        assertThat(second.body()).startsWith("{\"previous\":\"" + hash + "\",");
    }

    @Test
    void deleteIsIdempotent() {
        put(key, "v");

        HttpResponse<String> first = delete(key);
        HttpResponse<String> second = delete(key);

        assertThat(first.body())
                .isEqualTo("{\"key\":\"%s\",\"previous\":\"v\",\"index\":%d}".formatted(key, index(first)));
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).contains("\"previous\":null");
        assertThat(node.get("/kv/" + key).statusCode()).isEqualTo(404);
    }

    @Test
    void conditionsHoldOrAnswer412WithTheCurrentIndex() {
        long index = index(put(key, "v"));

        assertProblem(412, put(key, "w", "If-None-Match", "*"), "\"index\":" + index, "not-stored");
        assertProblem(412, put(key, "w", "If-Match", "\"" + (index - 1) + "\""), "\"index\":" + index);
        assertProblem(412, delete(key, "If-Match", "\"99999\""), "\"index\":" + index);
        assertProblem(
                412,
                node.postJson("/kv/" + key + "/append", "{\"value\":\"x\"}", "If-None-Match", "*"),
                "\"index\":" + index);
        assertProblem(
                412,
                node.postJson("/kv/" + key + "/hash", "{\"value\":\"x\"}", "If-Match", "\"99999\""),
                "\"index\":" + index);
        assertThat(node.get("/kv/" + key).body()).contains("\"value\":\"v\"");
        assertThat(put(key, "w", "If-Match", "\"" + index + "\"").statusCode()).isEqualTo(200);
        assertThat(delete(key).statusCode()).isEqualTo(200);
        assertProblem(412, put(key, "w", "If-Match", "\"" + index + "\""), "\"index\":0");
        assertThat(put(key, "w", "If-None-Match", "*").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"x\"", "W/\"7\"", "\"7\", \"8\"", "*", ""})
    void malformedIfMatchIsRefused(String value) {
        assertRefusedWithoutATrace(400, put(key, "w", "If-Match", value), "If-Match");
    }

    @Test
    void otherConditionsAreRefused() {
        assertRefusedWithoutATrace(400, put(key, "w", "If-None-Match", "\"7\""), "If-None-Match");
        assertRefusedWithoutATrace(400, put(key, "w", "If-None-Match", "*", "If-Match", "\"7\""), "not both");
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of("a%2Fb", "a/b"),
                Arguments.of("%2Fappend", "/append"),
                Arguments.of("a%5Cb", "a\\\\b"),
                Arguments.of("..", ".."),
                Arguments.of("%2E%2E", ".."),
                Arguments.of("%2E", "."),
                Arguments.of("a+b%20c", "a+b c"),
                Arguments.of("a%25b%3Fc%23d%26e%3Df", "a%b?c#d&e=f"),
                Arguments.of("a;b%3Bc", "a;b;c"),
                Arguments.of("%C3%BC%F0%9F%98%80", "ü😀"),
                Arguments.of("%22%0A", "\\\"\\n"),
                Arguments.of("%00", "\\u0000"),
                Arguments.of("a%00b%00", "a\\u0000b\\u0000"),
                Arguments.of("x".repeat(512), "x".repeat(512)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysAreAnyText(String encoded, String json) {
        assertThat(put(encoded, "v").body()).startsWith("{\"key\":\"" + json + "\",");
        assertThat(node.get("/kv/" + encoded).body()).startsWith("{\"key\":\"" + json + "\",\"value\":\"v\"");
        assertThat(node.postJson("/kv/" + encoded + "/append", "{\"value\":\"+\"}")
                        .body())
                .contains("\"v+\"");
        assertThat(delete(encoded).statusCode()).isEqualTo(200);
    }

    @Test
    void keysThatAreNotAcceptedAreRefused() {
        assertRefusedWithoutATrace(400, put("x".repeat(513), "v"), "513 bytes");
        assertRefusedWithoutATrace(400, put("%C3%BC".repeat(257), "v"), "514 bytes");
        assertRefusedWithoutATrace(400, put("", "v"), "0 bytes");
        assertRefusedWithoutATrace(400, put("%FF", "v"), "not UTF-8");
        assertRefusedWithoutATrace(400, put("%ED%A0%80", "v"), "not UTF-8");
    }

    @Test
    void whatIsNotServedIsSaidSo() {
        assertThat(put("a/b", "v").statusCode()).isEqualTo(404);
        assertThat(node.postJson("/kv/" + key, "{\"value\":\"v\"}").statusCode())
                .isEqualTo(405);
        assertThat(node.postJson("/kv", "{}").headers().firstValue("Allow")).hasValue("GET, HEAD");
        assertThat(node.get("/kv/" + key + "/append").headers().firstValue("Allow"))
                .hasValue("POST");
        put(key, "v");
        assertThat(node.get("/kv/" + key, "Accept", "image/png").statusCode()).isEqualTo(406);
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                Arguments.of(400, "application/json", "{\"value\":1}", "not a string"),
                Arguments.of(400, "application/json", "{\"value\":null}", "not a string"),
                Arguments.of(400, "application/json", "{}", "'value' is missing"),
                Arguments.of(400, "application/json", "", "malformed"),
                Arguments.of(400, "application/json", "{\"value\":\"v\",\"x\":1}", "unknown field"),
                Arguments.of(400, "application/json", "{\"value\":\"v\"", "malformed"),
                Arguments.of(400, "application/json", "{\"value\":\"\\ud800\"}", "surrogate"),
                Arguments.of(400, "application/json", "{\"value\":\"v\",\"w\":0}", "w="),
                Arguments.of(400, "application/json", "{\"value\":\"v\",\"w\":4}", "w:"),
                Arguments.of(415, "application/xml", "<v/>", "application/json"),
                Arguments.of(415, "application/octet-stream", "v", "application/json"),
                Arguments.of(413, "text/plain", "x".repeat(1024 * 1024 + 1), "1048576"));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void badBodiesAreRefused(int status, String type, String body, String detail) {
        HttpResponse<String> response = node.send(HttpRequest.newBuilder(node.uri("/kv/" + key))
                .header("Content-Type", type)
                .PUT(HttpRequest.BodyPublishers.ofString(body)));

        assertRefusedWithoutATrace(status, response, detail);
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        HttpResponse<String> response = node.send(HttpRequest.newBuilder(node.uri("/kv/" + key))
                .header("Content-Type", "text/plain")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'a', (byte) 0xff})));

        assertRefusedWithoutATrace(400, response, "not UTF-8 at byte 1");
    }

    @Test
    void theLargestValueFits() {
        String value = "x".repeat(1024 * 1024);

        assertThat(put(key, value).statusCode()).isEqualTo(200);
        assertThat(node.get("/kv/" + key, "Accept", "text/plain").body()).isEqualTo(value);
    }

    @Test
    void aRepeatGetsTheFirstAnswer() {
        put(key, "a");
        String path = "/kv/" + key + "/append";

        HttpResponse<String> first = node.postJson(path, "{\"value\":\"b\"}", "Idempotency-Key", key);
        node.postJson(path, "{\"value\":\"c\"}");
        HttpResponse<String> repeat = node.postJson(path, "{\"value\":\"b\"}", "Idempotency-Key", key);

        assertThat(repeat.statusCode()).isEqualTo(200);
        assertThat(repeat.body()).isEqualTo(first.body());
        assertThat(repeat.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(repeat.headers().firstValue("ETag"))
                .isEqualTo(first.headers().firstValue("ETag"));
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertProblem(422, node.postJson(path, "{\"value\":\"x\"}", "Idempotency-Key", key), "not-stored");
        assertProblem(422, put(key, "b", "Idempotency-Key", key), "not-stored");
        assertProblem(422, node.postJson("/messages", "{\"message\":\"b\"}", "Idempotency-Key", key), "not-stored");
    }

    @Test
    void aClientsSequenceIsHeld() {
        HttpResponse<String> first = put(key, "a", "Client-Id", key, "Client-Seq", "3");
        HttpResponse<String> repeat = put(key, "a", "Client-Id", key, "Client-Seq", "3");

        assertThat(repeat.body()).isEqualTo(first.body());
        assertProblem(409, put(key, "a", "Client-Id", key, "Client-Seq", "2"), "not-stored");
        assertProblem(422, put(key, "b", "Client-Id", key, "Client-Seq", "3"), "not-stored");
        assertThat(put(key, "b", "Client-Id", key, "Client-Seq", "9").statusCode())
                .isEqualTo(200);
        assertProblem(400, put(key, "b", "Client-Id", key), "Client-Seq is missing", "not-stored");
        assertProblem(400, put(key, "b", "Client-Seq", "1"), "Client-Id is missing", "not-stored");
        assertProblem(400, put(key, "b", "Client-Id", key, "Client-Seq", "0"), "from 1", "not-stored");
    }

    @Test
    void aRepeatWhoseValuesAreForgottenIsAnsweredAllTheSame() {
        answerWith(new KvResult.Forgotten(7), true);

        HttpResponse<String> put = put(key, "v");
        HttpResponse<String> append = node.postJson("/kv/" + key + "/append", "{\"value\":\"x\"}");

        assertThat(put.statusCode()).isEqualTo(200);
        assertThat(put.body()).isEqualTo("{\"key\":\"%s\",\"value\":\"v\",\"index\":7}".formatted(key));
        assertThat(put.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(append.body()).isEqualTo("{\"key\":\"%s\",\"index\":7}".formatted(key));
    }

    @Test
    void aValueThatGrowsTooLargeIsRefused() {
        answerWith(new KvResult.ValueTooLarge(), false);

        assertProblem(413, node.postJson("/kv/" + key + "/append", "{\"value\":\"x\"}"), "not-stored");
    }

    @Test
    void parametersOfTheWriteCount() {
        put(key, "v", "X", "y");
        HttpResponse<String> response = node.send(HttpRequest.newBuilder(node.uri("/kv/" + key + "?w=2&timeout=5s"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"value\":\"v\",\"w\":\"all\"}")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(node.log().lastW()).isEqualTo(new WriteConcern.Count(2));
        assertThat(node.log().lastDeadline()).isNotEqualTo(Deadline.NONE);
        assertProblem(
                400,
                node.send(HttpRequest.newBuilder(node.uri("/kv/" + key + "?timeout=5"))
                        .header("Content-Type", "text/plain")
                        .PUT(HttpRequest.BodyPublishers.ofString("v"))),
                "timeout");
    }

    @Test
    void refusalsAreProblems() {
        node.log().script(_ -> new Outcome.Refused(Refusal.NO_QUORUM));
        HttpResponse<String> response = put(key, "v");
        assertProblem(503, response, "not-stored");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();

        node.log().script(_ -> new Outcome.Unknown(node.log().placement(0, 0), Outcome.Unknown.Cause.DEADLINE));
        assertProblem(504, put(key, "v"), "unknown", "\"acks\"");
    }

    @Test
    void dumpsAreSortedAndHaveTheIndex() {
        put(key + "%0A2", "b\\");
        long index = index(put(key + "1", "a"));
        put("other", "z");

        HttpResponse<String> json = node.get("/kv?prefix=" + key);
        HttpResponse<String> text = node.get("/kv?prefix=" + key, "Accept", "text/plain");

        assertThat(json.body())
                .isEqualTo(("{\"index\":%d,\"entries\":[{\"key\":\"%s\\n2\",\"value\":\"b\\\\\"},"
                                + "{\"key\":\"%s1\",\"value\":\"a\"}]}")
                        .formatted(index + 1, key, key));
        assertThat(text.body()).isEqualTo("%s\\n2=b\\\\\n%s1=a\n".formatted(key, key));
        assertThat(node.get("/kv").body()).contains("\"other\"").contains(key);
        assertThat(node.get("/kv?prefix=nothing%20here").body()).endsWith("\"entries\":[]}");
    }

    @Test
    void readLevelsAreHeld() {
        put(key, "v");

        assertThat(node.get("/kv/" + key + "?read=local").statusCode()).isEqualTo(200);
        assertThat(node.get("/kv/" + key + "?read=committed").statusCode()).isEqualTo(200);
        assertThat(node.get("/kv/" + key + "?read=other").statusCode()).isEqualTo(400);
        assertThat(node.get("/kv/" + key + "?min_index=99999&wait=20ms").statusCode())
                .isEqualTo(504);
        assertThat(node.get("/kv?min_index=1&wait=20ms").statusCode()).isEqualTo(200);
        node.log().role(Role.FOLLOWER, null);
        assertThat(node.get("/kv/" + key).statusCode()).isEqualTo(503);
        assertThat(node.get("/kv/" + key + "?read=local").statusCode()).isEqualTo(200);
        assertThat(node.get("/kv").statusCode()).isEqualTo(200);
        node.log().role(Role.WITNESS, "master");
        assertThat(node.get("/kv/" + key + "?read=local").statusCode()).isEqualTo(421);
    }

    @Test
    void aWitnessTakesLinearizableReadsToTheLeader() {
        HttpResponse<String> written = put(key, "v");
        FakeLog witness = new FakeLog(
                "witness", List.of(FakeLog.member("witness", "http://127.0.0.1:1"), FakeLog.member("master", url())));
        witness.role(Role.WITNESS, "master");
        try (TestNode other = TestNode.start(witness)) {
            HttpResponse<String> read = other.get("/kv/" + key);

            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(read.body()).contains("\"value\":\"v\"");
            assertThat(read.headers().firstValue("ETag")).hasValue("\"" + index(written) + "\"");
            assertThat(read.headers().firstValue("Replog-Node")).hasValue("witness");
            assertThat(other.get("/kv?read=linearizable&prefix=" + key).body()).contains(key);
            assertThat(other.get("/kv?prefix=" + key).statusCode()).isEqualTo(421);
            assertThat(other.get("/kv/" + key + "?read=committed").statusCode()).isEqualTo(421);
        }
    }

    private static String url() {
        return "http://127.0.0.1:" + node.port();
    }

    @Test
    void bytesThatAreNotTextStandInJsonAsEscapes() {
        String value = KvText.fromBytes(new byte[] {'a', (byte) 0xff, 'b', '"'});
        KvCommand command = new KvCommand(KvCommand.Operation.PUT, key, value, KvCommand.Condition.NONE);
        node.log()
                .append(
                        EntryCodec.encode(RequestKey.NONE, new Payload.Command(command)),
                        WriteConcern.ALL,
                        Deadline.NONE)
                .join();

        assertThat(node.get("/kv/" + key).body()).contains("\"value\":\"a\\udcffb\\\"\"");
        assertThat(node.get("/kv?prefix=" + key).body()).contains("\"value\":\"a\\udcffb\\\"\"");
    }

    private static void answerWith(KvResult result, boolean replayed) {
        node.log().script(_ -> new Outcome.Acknowledged(node.log().placement(0, 0), 2, replayed, result));
    }

    private static HttpResponse<String> put(String encodedKey, String value, String... headers) {
        return node.send(
                HttpRequest.newBuilder(node.uri("/kv/" + encodedKey))
                        .header("Content-Type", "text/plain")
                        .PUT(HttpRequest.BodyPublishers.ofString(value)),
                headers);
    }

    private static HttpResponse<String> delete(String encodedKey, String... headers) {
        return node.send(HttpRequest.newBuilder(node.uri("/kv/" + encodedKey)).DELETE(), headers);
    }

    private static long index(HttpResponse<String> response) {
        return Long.parseLong(response.body().replaceAll("(?s).*\"index\":([0-9]+).*", "$1"));
    }

    private static void assertProblem(int status, HttpResponse<String> response, String... parts) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains(parts);
    }

    private void assertRefusedWithoutATrace(int status, HttpResponse<String> response, String detail) {
        assertProblem(status, response, "\"outcome\":\"not-stored\"");
        assertThat(response.body().replace("\\\"", "\"")).contains(detail);
        assertThat(node.get("/kv/" + key).statusCode()).isEqualTo(404);
    }
}
