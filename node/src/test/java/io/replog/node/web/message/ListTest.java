package io.replog.node.web.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.replica.Role;
import io.replog.node.web.FakeLog;
import io.replog.node.web.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ListTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static TestNode node;

    @BeforeAll
    static void givenMessagesSingleAndInABatchWithOtherEntriesBetween() {
        node = TestNode.start(FakeLog.leaderOfThree());
        append("one");
        append("two", "three \"quoted\"", "four\nlines\\");
        append("five");
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @AfterEach
    void leadAgain() {
        node.log().role(Role.LEADER, "master");
    }

    @Test
    void listsAllInOrder() {
        HttpResponse<String> response = node.get("/messages");

        JsonNode body = JSON.readTree(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ids(body)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(body.get("messages").get(3).get("message").stringValue()).isEqualTo("four\nlines\\");
        assertThat(body.get("lastId").longValue()).isEqualTo(5);
        assertThat(response.headers().firstValue("Link")).isEmpty();
        assertThat(response.headers().firstValue("Content-Length")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "'from=2&limit=2', '2 3', '</messages?from=4&limit=2>; rel=\"next\"'",
        "'from=3&limit=1&read=committed', '3', '</messages?from=4&limit=1&read=committed>; rel=\"next\"'",
        "'from=4&limit=2', '4 5',",
        "'from=4&limit=9223372036854775', '4 5',",
        "'from=5', '5',",
        "'from=6', '',",
        "'from=999999999999999999', '',",
        "'limit=5', '1 2 3 4 5',",
    })
    void cutsWhereItIsAskedTo(String query, String expected, String link) {
        HttpResponse<String> response = node.get("/messages?" + query);

        JsonNode body = JSON.readTree(response.body());
        assertThat(ids(body))
                .containsExactlyElementsOf(Arrays.stream(expected.split(" "))
                        .filter(id -> !id.isEmpty())
                        .map(Long::valueOf)
                        .toList());
        assertThat(body.get("lastId").longValue()).isEqualTo(5);
        assertThat(response.headers().firstValue("Link").orElse(null)).isEqualTo(link);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=0",
                "from=-1",
                "from=x",
                "from=",
                "limit=0",
                "limit=-5",
                "limit=1.5",
                "read=stale",
                "min_index=0",
                "wait=5",
                "from=1&from=2",
                "from=%25"
            })
    void refusesBadParameters(String query) {
        HttpResponse<String> response = node.get("/messages?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).get("detail").stringValue())
                .contains("'" + query.substring(0, query.indexOf('=')) + "'");
        assertThat(response.body()).contains("\"outcome\":\"not-stored\"");
    }

    @Test
    void anEmptyLogHasAnEmptyList() {
        try (TestNode empty = TestNode.start(FakeLog.leaderOfThree())) {
            assertThat(empty.get("/messages").body()).isEqualTo("{\"messages\":[],\"lastId\":0}");
            assertThat(empty.get("/messages", "Accept", "application/x-ndjson").body())
                    .isEmpty();
        }
    }

    @Test
    void ndjsonIsAnObjectALine() {
        HttpResponse<String> response = node.get("/messages?from=3&limit=2", "Accept", "application/x-ndjson");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
        assertThat(response.body()).isEqualTo("""
                        {"id":3,"message":"three \\"quoted\\""}
                        {"id":4,"message":"four\\nlines\\\\"}
                        """);
    }

    @Test
    void textIsAMessageALine() {
        HttpResponse<String> response = node.get("/messages?from=3", "Accept", "text/plain");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
        assertThat(response.body()).isEqualTo("three \"quoted\"\nfour\\nlines\\\\\nfive\n");
    }

    @ParameterizedTest
    @CsvSource({
        "*/*, application/json",
        "application/*, application/json",
        "text/*, text/plain;charset=UTF-8",
        "'text/html, application/json;q=0.5, text/plain;q=0.1', application/json",
        "'application/json;q=0.2, application/x-ndjson', application/x-ndjson",
        "'application/json;q=0, */*;q=0.1', application/x-ndjson",
    })
    void servesWhatIsWantedMost(String accept, String type) {
        assertThat(node.get("/messages", "Accept", accept).headers().firstValue("Content-Type"))
                .hasValue(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/json;q=0", "nonsense"})
    void refusesWhatIsNotServed(String accept) {
        HttpResponse<String> response = node.get("/messages", "Accept", accept);

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void uncommittedMessagesAreListedLocallyAlone() {
        try (TestNode behind = TestNode.start(FakeLog.leaderOfThree())) {
            behind.log().appendCommitted(request("committed"));
            behind.log().appendUncommitted(request("not yet"));

            assertThat(JSON.readTree(behind.get("/messages").body())
                            .get("lastId")
                            .longValue())
                    .isEqualTo(2);
            for (String level : List.of("committed", "linearizable")) {
                JsonNode body =
                        JSON.readTree(behind.get("/messages?read=" + level).body());
                assertThat(ids(body)).containsExactly(1L);
                assertThat(body.get("lastId").longValue()).isEqualTo(1);
            }
            assertThat(behind.get("/messages/2").statusCode()).isEqualTo(200);
            assertThat(behind.get("/messages/2?read=committed").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aLinearizableReadNeedsAQuorum() {
        node.log().refuseWith(new IllegalStateException("no quorum"));
        HttpResponse<String> withoutQuorum = node.get("/messages?read=linearizable");
        node.log().refuseWith(null);
        node.log().role(Role.CANDIDATE, null);
        HttpResponse<String> withoutLeader = node.get("/messages?read=linearizable");

        assertThat(withoutQuorum.statusCode()).isEqualTo(503);
        assertThat(withoutLeader.statusCode()).isEqualTo(503);
        assertThat(withoutLeader.headers().firstValue("Retry-After")).isPresent();
        assertThat(withoutLeader.headers().firstValue("Replog-Leader")).isEmpty();
    }

    @Test
    void aWitnessHasNoData() {
        node.log().role(Role.WITNESS, "secondary-1");

        for (String path : List.of("/messages", "/messages?read=committed", "/messages/1")) {
            assertThat(node.get(path).statusCode()).as(path).isEqualTo(421);
        }
    }

    @Test
    void waitsForAnIndex() {
        assertThat(node.get("/messages?min_index=3").statusCode()).isEqualTo(200);
        assertThat(node.get("/messages?min_index=99999").statusCode()).isEqualTo(504);
        assertThat(node.get("/messages?min_index=99999&wait=50ms&read=committed")
                        .statusCode())
                .isEqualTo(504);
    }

    @Test
    void oneMessageComesWithItsPlace() {
        JsonNode body = JSON.readTree(node.get("/messages/3").body());

        assertThat(body.propertyNames()).containsExactly("id", "message", "index", "term", "timestamp");
        assertThat(body.get("message").stringValue()).isEqualTo("three \"quoted\"");
        assertThat(body.get("index").longValue()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"/messages/0,404", "/messages/6,404", "/messages/x,400", "/messages/1/x,404", "/messages/6/acks,404"})
    void aMessageThatIsNotThereIsNotFound(String path, int status) {
        HttpResponse<String> response = node.get(path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void acksSayWhoHoldsAMessage() {
        assertThat(node.get("/messages/3/acks?wait=1s").body())
                .isEqualTo("{\"id\":3,\"index\":4,\"acks\":[\"master\",\"secondary-1\"],"
                        + "\"missing\":[\"secondary-2\"],\"committed\":true}");
    }

    @Test
    void aLongListIsStreamed() {
        try (TestNode full = TestNode.start(FakeLog.leaderOfThree())) {
            String[] texts = IntStream.range(0, 50_000)
                    .mapToObj(i -> "message number " + i)
                    .toArray(String[]::new);
            full.log().appendCommitted(request(texts));

            HttpResponse<String> response = full.get("/messages");

            JsonNode body = JSON.readTree(response.body());
            assertThat(response.headers().firstValue("Content-Length")).isEmpty();
            assertThat(body.get("messages").size()).isEqualTo(50_000);
            assertThat(body.get("messages").get(49_999).get("message").stringValue())
                    .isEqualTo("message number 49999");
        }
    }

    // the live stream

    @Test
    void followsTheLogFromAMessageOn() throws IOException {
        try (TestNode live = TestNode.start(FakeLog.leaderOfThree());
                EventStream events = new EventStream(live.uri("/messages?from=2"))) {
            append(live, "one");
            append(live, "two", "three");
            append(live, "four");

            assertThat(events.next()).isEqualTo("id: 2\ndata: {\"id\":2,\"message\":\"two\"}");
            assertThat(events.next()).isEqualTo("id: 3\ndata: {\"id\":3,\"message\":\"three\"}");
            assertThat(events.next()).isEqualTo("id: 4\ndata: {\"id\":4,\"message\":\"four\"}");
        }
    }

    @Test
    void resumesBehindTheLastEvent() throws IOException {
        try (EventStream events = new EventStream(node.uri("/messages?from=1"), "Last-Event-ID", "4")) {
            assertThat(events.next()).isEqualTo("id: 5\ndata: {\"id\":5,\"message\":\"five\"}");
        }
    }

    @Test
    void theLatestAreTheNewOnesAlone() throws IOException {
        try (TestNode live = TestNode.start(FakeLog.leaderOfThree())) {
            append(live, "old");
            try (EventStream events = new EventStream(live.uri("/messages?from=latest"))) {
                append(live, "new");

                assertThat(events.next()).isEqualTo("id: 2\ndata: {\"id\":2,\"message\":\"new\"}");
            }
        }
    }

    @Test
    void onlyCommittedMessagesAreFollowed() throws IOException {
        try (TestNode live = TestNode.start(FakeLog.leaderOfThree());
                EventStream events = new EventStream(live.uri("/messages"))) {
            live.log().appendUncommitted(request("a"));
            live.log().appendUncommitted(request("b"));
            live.log().commitUpTo(2);
            assertThat(events.next()).startsWith("id: 1\n");

            live.log().commitUpTo(3);
            assertThat(events.next()).startsWith("id: 2\n");
        }
    }

    @Test
    void aCommentKeepsAQuietStreamAlive() throws IOException {
        try (TestNode quiet = TestNode.start(
                        FakeLog.leaderOfThree(), settings -> settings.withKeepAlive(Duration.ofMillis(20)));
                EventStream events = new EventStream(quiet.uri("/messages"))) {
            assertThat(events.nextComment()).isEqualTo(": following from 1");
            assertThat(events.nextComment()).isEqualTo(": keep-alive");
            assertThat(events.nextComment()).isEqualTo(": keep-alive");
        }
    }

    @Test
    void refusesALastEventIdThatIsNone() {
        assertThat(node.get("/messages", "Accept", "text/event-stream", "Last-Event-ID", "x")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void streamsEndWhenTheNodeStops() throws IOException {
        TestNode stopping = TestNode.start(FakeLog.leaderOfThree());
        try (EventStream events = new EventStream(stopping.uri("/messages"))) {
            assertThat(events.nextComment()).isEqualTo(": following from 1");

            stopping.close();

            assertThat(events.isAtEnd()).isTrue();
        }
    }

    /** Reads a stream of server-sent events; each wait is bounded. */
    private static final class EventStream implements AutoCloseable {
        private final InputStream in;

        EventStream(URI uri, String... headers) throws IOException {
            var connection = uri.toURL().openConnection();
            connection.setRequestProperty("Accept", "text/event-stream");
            for (int i = 0; i < headers.length; i += 2) {
                connection.setRequestProperty(headers[i], headers[i + 1]);
            }
            connection.setReadTimeout(10_000);
            in = connection.getInputStream();
            assertThat(connection.getContentType()).isEqualTo("text/event-stream;charset=UTF-8");
        }

        String next() throws IOException {
            String block = block();
            while (block.startsWith(":")) {
                block = block();
            }
            return block;
        }

        String nextComment() throws IOException {
            String block = block();
            assertThat(block).startsWith(":");
            return block;
        }

        boolean isAtEnd() throws IOException {
            return in.read() < 0;
        }

        private String block() throws IOException {
            var bytes = new ByteArrayOutputStream();
            int last = 0;
            for (int b = in.read(); b >= 0 && !(b == '\n' && last == '\n'); b = in.read()) {
                bytes.write(b);
                last = b;
            }
            return bytes.toString(StandardCharsets.UTF_8).strip();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static void append(String... texts) {
        append(node, texts);
    }

    private static void append(TestNode target, String... texts) {
        target.log().appendCommitted(request(texts));
    }

    private static EncodedRequest request(String... texts) {
        return EntryCodec.encode(
                RequestKey.NONE,
                new Payload.Messages(Arrays.stream(texts)
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList()));
    }

    private static List<Long> ids(JsonNode body) {
        return body.get("messages")
                .valueStream()
                .map(message -> message.get("id").longValue())
                .toList();
    }
}
