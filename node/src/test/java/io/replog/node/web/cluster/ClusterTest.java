package io.replog.node.web.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.Role;
import io.replog.node.web.FakeLog;
import io.replog.node.web.TestNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClusterTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static TestNode node;

    @BeforeAll
    static void startNode() {
        node = TestNode.start(FakeLog.leaderOfThree());
        node.postJson("/messages", "{\"message\":\"a\"}");
        node.post("/messages", "application/x-ndjson", "{\"message\":\"b\"}\n{\"message\":\"c\"}");
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @AfterEach
    void reset() {
        node.log().role(Role.LEADER, "master");
        node.log().changesEndAs(new Outcome.Done());
    }

    @Test
    void healthSaysWhatTheNodeSees() {
        JsonNode body = JSON.readTree(node.get("/health").body());

        assertThat(body.propertyNames())
                .containsExactly("status", "node", "role", "term", "leader", "quorum", "readOnly", "members");
        assertThat(body.get("role").stringValue()).isEqualTo("leader");
        assertThat(body.get("readOnly").booleanValue()).isFalse();
        assertThat(body.get("members").get(1).get("status").stringValue()).isEqualTo("Healthy");
    }

    @Test
    void withoutALeaderTheClusterIsReadOnly() {
        node.log().role(Role.CANDIDATE, null);

        JsonNode health = JSON.readTree(node.get("/health").body());
        JsonNode cluster = JSON.readTree(node.get("/cluster").body());

        assertThat(health.get("readOnly").booleanValue()).isTrue();
        assertThat(health.get("leader").isNull()).isTrue();
        assertThat(cluster.get("writable").booleanValue()).isFalse();
        assertThat(cluster.get("leaderUrl").isNull()).isTrue();
    }

    @Test
    void theViewHasTheMembersAndHowFarTheyAre() {
        JsonNode body = JSON.readTree(node.get("/cluster").body());

        assertThat(body.propertyNames())
                .containsExactly(
                        "view", "term", "leader", "leaderUrl", "commitIndex", "lastIndex", "writable", "members");
        assertThat(body.get("members").get(2).propertyNames())
                .containsExactly("id", "url", "kind", "role", "priority", "status", "matchIndex", "lag");
        assertThat(body.get("members").get(2).get("lag").longValue()).isZero();
    }

    @Test
    void aFollowerKnowsItsOwnPlaceAlone() {
        node.log().role(Role.FOLLOWER, "secondary-1");

        JsonNode members = JSON.readTree(node.get("/cluster").body()).get("members");

        assertThat(members.get(0).get("matchIndex").isNull()).isFalse();
        assertThat(members.get(1).get("matchIndex").isNull()).isTrue();
    }

    @Test
    void changesOfTheClusterAreAnsweredWithTheView() {
        assertThat(node.postJson("/cluster/leader", "{\"to\":\"secondary-1\"}").statusCode())
                .isEqualTo(200);
        HttpResponse<String> added = node.postJson(
                "/cluster/members", "{\"id\":\"new\",\"url\":\"http://127.0.0.1:9/\",\"kind\":\"learner\"}");
        HttpResponse<String> removed = node.send(
                HttpRequest.newBuilder(node.uri("/cluster/members/secondary-2")).DELETE());

        assertThat(added.statusCode()).isEqualTo(200);
        assertThat(removed.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(added.body()).get("leader").stringValue()).isEqualTo("master");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/cluster/leader|{}|400",
                "/cluster/leader|{\"to\":5}|400",
                "/cluster/leader|{\"to\":null}|400",
                "/cluster/leader|{\"to\":\"a b\"}|400",
                "/cluster/leader|{\"to\":\"secondary-1\",\"now\":true}|400",
                "/cluster/leader|null|400",
                "/cluster/leader|{|400",
                "/cluster/leader|{\"to\":\"nobody\"}|404",
                "/cluster/members|{\"id\":\"new\"}|400",
                "/cluster/members|{\"id\":\"new\",\"url\":\"ftp://x\"}|400",
                "/cluster/members|{\"id\":\"new\",\"url\":\"http://x:1\",\"kind\":\"king\"}|400",
                "/cluster/members|{\"id\":\"new\",\"url\":\"http://x:1\",\"priority\":-1}|400",
            })
    void badChangesAreRefused(String path, String body, int status) {
        HttpResponse<String> response = node.postJson(path, body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource({
        "MEMBER_NOT_READY,409",
        "CHANGE_IN_PROGRESS,409",
        "CHANGE_NOT_ALLOWED,409",
        "UNKNOWN_MEMBER,404",
        "NO_QUORUM,503"
    })
    void refusalsOfTheLogHaveTheirStatus(Refusal refusal, int status) {
        node.log().changesEndAs(new Outcome.Refused(refusal));

        assertThat(node.postJson("/cluster/leader", "{\"to\":\"secondary-1\"}").statusCode())
                .isEqualTo(status);
    }

    @Test
    void removingNobodyIsNotFound() {
        assertThat(node.send(HttpRequest.newBuilder(node.uri("/cluster/members/nobody"))
                                .DELETE())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void theLogHasARowForEachIndex() {
        JsonNode body = JSON.readTree(node.get("/log?from=2&limit=3").body());

        assertThat(body.get("lastIndex").longValue()).isEqualTo(4);
        assertThat(body.get("entries")
                        .valueStream()
                        .map(entry -> entry.get("index").longValue() + ":"
                                + entry.get("id").longValue()))
                .containsExactly("2:1", "3:2", "4:3");
        assertThat(body.get("entries").get(0).propertyNames())
                .containsExactly("index", "term", "type", "id", "bytes", "crc");
        assertThat(body.get("entries").get(1).get("batch").intValue()).isEqualTo(2);
        assertThat(JSON.readTree(node.get("/log?from=3&limit=1").body())
                        .get("entries")
                        .size())
                .isEqualTo(1);
        assertThat(JSON.readTree(node.get("/log?from=99").body()).get("entries").isEmpty())
                .isTrue();
    }

    @Test
    void theDigestIsOfAnIndexThatIsThere() {
        assertThat(node.get("/log/digest?upto=2").body()).isEqualTo("{\"index\":2,\"digest\":\"000000000000003e\"}");
        assertThat(JSON.readTree(node.get("/log/digest").body()).get("index").longValue())
                .isEqualTo(4);
        assertThat(node.get("/log/digest?upto=5").statusCode()).isEqualTo(404);
        assertThat(node.get("/log/digest?upto=0").statusCode()).isEqualTo(400);
    }

    @Test
    void eventsAreStreamedAndResumed() throws IOException {
        node.events().add("leader-changed");
        node.events().add("view-changed");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /cluster/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 1\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            List<String> lines = new ArrayList<>();
            while (lines.stream().noneMatch(line -> line.startsWith("data:"))) {
                lines.add(in.readLine());
            }
            assertThat(lines)
                    .contains("HTTP/1.1 200 ", "id: 2", "event: view-changed")
                    .doesNotContain("id: 1");
        }
    }

    @Test
    void echoGivesTheSameBytesBack() {
        for (String type : List.of("application/json", "multipart/form-data; boundary=x", "a/b")) {
            HttpResponse<String> response = node.post("/echo", type, "{not json");

            assertThat(response.body()).isEqualTo("{not json");
            assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
            assertThat(Instant.parse(
                            response.headers().firstValue("Replog-Time").orElseThrow()))
                    .isAfter("2020-01-01T00:00:00Z");
        }
        assertThat(node.get("/echo").statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/messages/",
                "/actuator/nothing",
                "/error",
                "/kv%2",
                "/%zz",
                "/messages?x=[]",
                "nonsense"
            })
    void whatIsNotThereIsAProblemWithTheNodesHeaders(String path) throws IOException {
        List<String> answer = raw("GET " + path + " HTTP/1.1");

        assertThat(answer.getFirst()).matches("HTTP/1.1 40[04].*");
        assertThat(answer)
                .contains("Content-Type: application/problem+json", "Replog-Node: master", "Replog-Leader: master")
                .anyMatch(line -> line.startsWith("Replog-Term: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/cluster", "/log", "/actuator/health", "/messages"})
    void everyAnswerHasTheNodesHeaders(String path) {
        HttpResponse<String> response = node.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Replog-Node")).hasValue("master");
        assertThat(response.headers().firstValue("Replog-Leader")).hasValue("master");
        assertThat(response.headers().firstValue("Replog-Term")).isPresent();
    }

    @Test
    void methodsAndTypesThatAreNotServedAreProblems() {
        assertThat(node.send(HttpRequest.newBuilder(node.uri("/health")).DELETE())
                        .statusCode())
                .isEqualTo(405);
        HttpResponse<String> notAcceptable = node.get("/health", "Accept", "image/png");
        assertThat(notAcceptable.statusCode()).isEqualTo(406);
        assertThat(notAcceptable.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(node.post("/cluster/leader", "text/plain", "secondary-1").statusCode())
                .isEqualTo(415);
    }

    /** The head of the answer to a request that the client at hand would not send. */
    private static List<String> raw(String requestLine) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((requestLine + "\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return in.lines().takeWhile(line -> !line.isEmpty()).toList();
        }
    }
}
