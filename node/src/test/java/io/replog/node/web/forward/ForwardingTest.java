package io.replog.node.web.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.Role;
import io.replog.node.web.FakeLog;
import io.replog.node.web.TestNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ForwardingTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String MESSAGE = "{\"message\":\"a\"}";

    private static TestNode leader;
    private static TestNode follower;
    private long lastIdBefore;

    @BeforeAll
    static void startNodes() {
        leader = TestNode.start(FakeLog.leaderOfThree());
        follower = followerOf("http://127.0.0.1:" + leader.port());
    }

    @AfterAll
    static void stopNodes() {
        follower.close();
        leader.close();
    }

    @BeforeEach
    void givenALeaderAndAFollower() {
        leader.log().role(Role.LEADER, "master");
        follower.log().script(_ -> null);
        follower.log().role(Role.FOLLOWER, "master");
        lastIdBefore = leader.log().durableId();
    }

    private static TestNode followerOf(String leaderUrl) {
        FakeLog log = new FakeLog(
                "secondary-1",
                List.of(
                        FakeLog.member("master", leaderUrl),
                        FakeLog.member("secondary-1", "http://127.0.0.1:2"),
                        FakeLog.member("secondary-2", "http://127.0.0.1:3")));
        log.role(Role.FOLLOWER, "master");
        return TestNode.start(log);
    }

    @Test
    void aWriteIsTakenToTheLeaderWithItsBodyHeadersAndDeadline() {
        HttpResponse<String> response = follower.postJson("/messages?timeout=5s&w=2", MESSAGE, "Idempotency-Key", "k1");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(JSON.readTree(response.body()).get("id").longValue()).isEqualTo(lastIdBefore + 1);
        assertThat(response.headers().firstValue("Location")).hasValue("/messages/" + (lastIdBefore + 1));
        assertThat(response.headers().firstValue("Replog-Node")).hasValue("secondary-1");
        assertThat(response.headers().firstValue("Replog-Leader")).hasValue("master");
        assertThat(leader.log().durableId()).isEqualTo(lastIdBefore + 1);
        assertThat(leader.log().lastRequest().key().toString()).contains("k1");
        assertThat(leader.log().lastDeadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void errorsOfTheLeaderComeBackAsTheyAre() {
        HttpResponse<String> response = follower.postJson("/messages?w=9", MESSAGE);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("from 1 to 3").contains("not-stored");
    }

    @Test
    void acksAndChangesOfTheClusterGoToTheLeaderToo() {
        follower.postJson("/messages", MESSAGE);

        assertThat(follower.get("/messages/1/acks").statusCode()).isEqualTo(200);
        assertThat(follower.postJson("/cluster/leader", "{\"to\":\"secondary-2\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aWitnessTakesLinearizableReadsToTheLeader() {
        leader.postJson("/messages", MESSAGE);
        follower.log().role(Role.WITNESS, "master");

        assertThat(follower.get("/messages?read=linearizable").body())
                .endsWith("\"lastId\":" + (lastIdBefore + 1) + "}");
        assertThat(follower.get("/messages?read=committed").statusCode()).isEqualTo(421);
        assertThat(follower.get("/kv/absent").statusCode()).isEqualTo(404);
        assertThat(follower.get("/kv?read=local").statusCode()).isEqualTo(421);
    }

    @Test
    void connectionsAreUsedAgain() {
        for (int i = 1; i <= 20; i++) {
            assertThat(follower.postJson("/messages", MESSAGE).statusCode()).isEqualTo(201);
        }
        assertThat(leader.log().durableId()).isEqualTo(lastIdBefore + 20);
    }

    @Test
    void aRedirectIsGivenWhereItIsAskedFor() {
        HttpResponse<String> response = follower.postJson("/messages?redirect=true&w=1", MESSAGE);

        assertThat(response.statusCode()).isEqualTo(307);
        assertThat(response.headers().firstValue("Location"))
                .hasValue("http://127.0.0.1:" + leader.port() + "/messages?redirect=true&w=1");
        assertThat(leader.log().durableId()).isEqualTo(lastIdBefore);
    }

    @Test
    void aForwardedRequestIsNeverForwardedAgain() {
        HttpResponse<String> response = follower.postJson("/messages", MESSAGE, "Replog-Forwarded-By", "secondary-2");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Replog-Not-Leader")).hasValue("true");
        assertThat(response.body()).contains("not-stored");
        assertThat(leader.log().durableId()).isEqualTo(lastIdBefore);
    }

    @Test
    void withoutALeaderItIsNotStored() {
        follower.log().role(Role.CANDIDATE, null);

        HttpResponse<String> response = follower.postJson("/messages", MESSAGE);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.body()).contains("no-leader").contains("not-stored").contains("within 600 ms");
    }

    @Test
    void aRequestThatWaitsForNoLeaderSoLongIsToldOfItsOwnTimeout() {
        follower.log().role(Role.CANDIDATE, null);

        HttpResponse<String> response = follower.postJson("/messages?timeout=20ms", MESSAGE);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("within the request's 'timeout'").doesNotContain("600 ms");
    }

    @Test
    void aRequestWaitsForTheNextLeader() {
        follower.log().role(Role.CANDIDATE, null);
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> follower.postJson("/messages?timeout=10s", MESSAGE));

        follower.log().role(Role.FOLLOWER, "master");

        assertThat(waiting.join().statusCode()).isEqualTo(201);
    }

    @Test
    void aNodeThatBecomesTheLeaderWorksOnTheRequestItself() {
        follower.log().role(Role.CANDIDATE, null);
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> follower.postJson("/messages?timeout=10s", MESSAGE));

        follower.log().role(Role.LEADER, "secondary-1");

        assertThat(waiting.join().statusCode()).isEqualTo(201);
        assertThat(follower.log().durableId()).isEqualTo(1);
    }

    @Test
    void aHandOverWhileTheRequestIsInTheLogIsFollowed() {
        AtomicInteger refused = new AtomicInteger();
        follower.log().role(Role.LEADER, "secondary-1");
        follower.log().script(_ -> {
            refused.incrementAndGet();
            follower.log().role(Role.FOLLOWER, "master");
            return new Outcome.Refused(Refusal.NOT_LEADER);
        });

        assertThat(follower.postJson("/messages", MESSAGE).statusCode()).isEqualTo(201);
        assertThat(refused).hasValue(1);
        assertThat(leader.log().durableId()).isEqualTo(lastIdBefore + 1);
    }

    @Test
    void aLeaderThatJustHandedOverIsAskedAgainAsItsSuccessor() {
        leader.log().role(Role.FOLLOWER, "secondary-2");
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> follower.postJson("/messages", MESSAGE));

        leader.log().role(Role.LEADER, "master");

        assertThat(waiting.join().statusCode()).isEqualTo(201);
    }

    @Test
    void aLeaderThatCannotBeReachedStoresNothing() throws IOException {
        int unused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        try (TestNode alone = followerOf("http://127.0.0.1:" + unused)) {
            HttpResponse<String> response = alone.postJson("/messages", MESSAGE);

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("not-stored").contains("master cannot be reached");
        }
    }

    @Test
    void aConnectionThatBreaksBehindTheRequestIsUnknownAndNotSentAgain() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket breaking = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> acceptAndBreak(breaking, connections));
            try (TestNode alone = followerOf("http://127.0.0.1:" + breaking.getLocalPort())) {
                HttpResponse<String> response = alone.postJson("/messages", MESSAGE);

                JsonNode body = JSON.readTree(response.body());
                assertThat(response.statusCode()).isEqualTo(504);
                assertThat(body.get("outcome").stringValue()).isEqualTo("unknown");
                assertThat(body.get("id").isNull()).isTrue();
                assertThat(body.get("index").isNull()).isTrue();
                assertThat(body.get("acks")).isEmpty();
                assertThat(body.get("missing")).hasSize(3);
                assertThat(body.get("detail").stringValue()).contains("Idempotency-Key");
                assertThat(connections).hasValue(1);
            }
        }
    }

    @Test
    void aLeaderThatHangsIsGivenUpAtTheDeadline() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                TestNode alone = followerOf("http://127.0.0.1:" + silent.getLocalPort())) {
            HttpResponse<String> response = alone.postJson("/messages?timeout=100ms", MESSAGE);

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("unknown").contains("deadline");
        }
    }

    @Test
    void aLeaderThatHangsAndIsDeposedIsGivenUpWithoutADeadline() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                TestNode alone = followerOf("http://127.0.0.1:" + silent.getLocalPort())) {
            CompletableFuture<HttpResponse<String>> waiting =
                    CompletableFuture.supplyAsync(() -> alone.postJson("/messages", MESSAGE));
            try (Socket accepted = silent.accept()) {
                assertThat(accepted.getInputStream().read()).isEqualTo('P');
                alone.log().role(Role.FOLLOWER, new NodeId("secondary-2").value());

                assertThat(waiting.join().statusCode()).isEqualTo(504);
            }
        }
    }

    private static void acceptAndBreak(ServerSocket server, AtomicInteger connections) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                connections.incrementAndGet();
                InputStream in = socket.getInputStream();
                assertThat(in.read()).isEqualTo('P');
            } catch (IOException e) {
                return;
            }
        }
    }
}
