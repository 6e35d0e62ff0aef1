package io.replog.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.protocol.ClusterId;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketTransportTest {
    private static final NodeId ONE = new NodeId("one");
    private static final NodeId TWO = new NodeId("two");
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final List<Node> nodes = new ArrayList<>();

    /** A transport behind a server of its own. */
    private final class Node {
        final SocketTransport transport;
        final List<PeerEnvelope> received = new ArrayList<>();
        Tomcat tomcat;

        Node(NodeId id, int port, @Nullable String shown, @Nullable String wanted) throws LifecycleException {
            transport = new SocketTransport(
                    new PeerOptions(id, urlOf(port), shown, 1 << 20, 1 << 20, SILENCE), new Random(1));
            tomcat = serve(port, wanted);
            nodes.add(this);
        }

        private Tomcat serve(int port, @Nullable String wanted) throws LifecycleException {
            Tomcat server = new Tomcat();
            server.setBaseDir(folder.toString());
            server.setPort(port);
            server.getConnector().setProperty("address", "127.0.0.1");
            Context context = server.addContext("", null);
            Tomcat.addServlet(context, "peer", new PeerStreamServlet(transport, wanted));
            context.addServletMappingDecoded("/peer/*", "peer");
            server.start();
            return server;
        }

        /** Where it says that it is; one that does not know its port does not say. */
        private static String urlOf(int port) {
            return port == 0 ? "" : "http://127.0.0.1:" + port;
        }

        int port() {
            return tomcat.getConnector().getLocalPort();
        }

        void knows(NodeId id, int port) {
            transport.members(new Membership(
                    List.of(new Member(id, "http://127.0.0.1:" + port, MemberKind.VOTER, 1, Member.UNBOUND))));
        }

        void stop() throws LifecycleException {
            transport.close();
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @AfterEach
    void stop() throws LifecycleException {
        for (Node node : nodes) {
            node.stop();
        }
    }

    @Test
    void carries_messages_in_order_on_a_stream_of_each_lane() throws LifecycleException {
        // given
        Node one = new Node(ONE, 0, null, null);
        Node two = new Node(TWO, 0, null, null);
        one.knows(TWO, two.port());

        // when
        for (int round = 1; round <= 1000; round++) {
            one.transport.send(TWO, heartbeat(ONE, round));
        }

        // then
        pollUntil(() -> two.received.size() == 1000, one, two);
        assertThat(two.received)
                .extracting(SocketTransportTest::round)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void reaches_a_peer_that_comes_up_later_and_again_after_it_was_away() throws LifecycleException {
        // given
        Node two = new Node(TWO, 0, null, null);
        int port = two.port();
        two.stop();
        nodes.remove(two);
        Node one = new Node(ONE, 0, null, null);
        one.knows(TWO, port);
        sendFor(one, Duration.ofMillis(50));

        // when
        Node later = new Node(TWO, port, null, null);

        // then
        pollUntil(() -> sendAndSee(one, later), one, later);

        // and when
        later.stop();
        nodes.remove(later);
        sendFor(one, Duration.ofMillis(50));
        Node again = new Node(TWO, port, null, null);

        // then
        pollUntil(() -> sendAndSee(one, again), one, again);
    }

    @Test
    void answers_a_peer_that_it_does_not_know_where_that_says_it_is() throws LifecycleException {
        // given
        Node free = new Node(ONE, 0, null, null);
        int port = free.port();
        free.stop();
        nodes.remove(free);
        Node one = new Node(ONE, port, null, null);
        Node two = new Node(TWO, 0, null, null);
        one.knows(TWO, two.port());

        // when
        one.transport.send(TWO, heartbeat(ONE, 1));
        pollUntil(() -> !two.received.isEmpty(), one, two);

        // then
        pollUntil(
                () -> {
                    two.transport.send(ONE, heartbeat(TWO, 2));
                    return !one.received.isEmpty();
                },
                one,
                two);
    }

    @Test
    void keeps_an_idle_stream_open_and_notices_a_peer_that_no_longer_reads() throws LifecycleException {
        // given
        Node one = new Node(ONE, 0, null, null);
        Node two = new Node(TWO, 0, null, null);
        one.knows(TWO, two.port());
        one.transport.send(TWO, heartbeat(ONE, 1));
        pollUntil(() -> !two.received.isEmpty(), one, two);

        // when both are idle but alive for longer than the silence that counts as gone
        long until = System.nanoTime() + SILENCE.plusMillis(500).toNanos();
        pollUntil(() -> System.nanoTime() > until, one, two);

        // then
        assertThat(one.transport.counters().get(TWO).failed()).isZero();

        // when the peer's thread hangs
        pollUntil(() -> one.transport.counters().get(TWO).failed() > 0, one);

        // then it is reached again once it goes on
        pollUntil(() -> sendAndSee(one, two), one, two);
    }

    @Test
    void refuses_a_peer_without_the_cluster_secret() throws LifecycleException {
        // given
        Node one = new Node(ONE, 0, "wrong", null);
        Node two = new Node(TWO, 0, null, "right");
        one.knows(TWO, two.port());

        // when
        one.transport.send(TWO, heartbeat(ONE, 1));

        // then
        pollUntil(() -> one.transport.counters().get(TWO).failed() > 0, one, two);
        assertThat(two.received).isEmpty();
    }

    @Test
    void answers_problems_below_peer() throws IOException, InterruptedException, LifecycleException {
        Node open = new Node(ONE, 0, null, null);
        Node guarded = new Node(TWO, 0, null, "right");

        assertThat(get(guarded, "/peer/stream").statusCode()).isEqualTo(401);
        assertThat(get(guarded, "/peer/stream").body()).contains("\"status\":401", "Replog-Cluster-Secret");
        assertThat(get(guarded, "/peer/other").statusCode()).isEqualTo(401);
        assertThat(get(open, "/peer/other").statusCode()).isEqualTo(404);
        assertThat(get(open, "/peer/stream").statusCode()).isEqualTo(426);
    }

    @Test
    void closes_the_stream_of_a_peer_that_speaks_for_another() throws LifecycleException {
        // given
        Node one = new Node(ONE, 0, null, null);
        Node two = new Node(TWO, 0, null, null);
        one.knows(TWO, two.port());

        // when
        one.transport.send(TWO, heartbeat(new NodeId("three"), 1));

        // then
        pollUntil(() -> one.transport.counters().get(TWO).failed() > 0, one, two);
        assertThat(two.received).isEmpty();
    }

    private static HttpResponse<String> get(Node node, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static boolean sendAndSee(Node from, Node to) {
        from.transport.send(TWO, heartbeat(ONE, 1));
        return !to.received.isEmpty() && to.received.getLast().from().equals(ONE);
    }

    private static void sendFor(Node node, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            node.transport.send(TWO, heartbeat(ONE, 1));
            node.transport.poll(1_000_000, node.received::add);
        }
        node.received.clear();
    }

    private static void pollUntil(BooleanSupplier done, Node... polled) {
        for (Node node : polled) {
            node.received.clear();
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            for (Node node : polled) {
                node.transport.poll(1_000_000, node.received::add);
            }
        }
    }

    private static long round(PeerEnvelope envelope) {
        return ((PeerMessage.Heartbeat) envelope.message()).round();
    }

    private static PeerEnvelope heartbeat(NodeId from, long round) {
        return new PeerEnvelope(ClusterId.NONE, from, 7, 3, new PeerMessage.Heartbeat(1, 1, round));
    }
}
