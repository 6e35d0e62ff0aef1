package io.replog.api.client;

import static io.replog.api.client.ScriptedNode.drop;
import static io.replog.api.client.ScriptedNode.events;
import static io.replog.api.client.ScriptedNode.problem;
import static io.replog.api.client.ScriptedNode.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.api.client.WriteOutcome.Acknowledged;
import io.replog.api.client.WriteOutcome.NotStored;
import io.replog.api.client.WriteOutcome.Unknown;
import io.replog.api.message.Appended;
import io.replog.api.message.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReplogClientTest {
    private static final String STORED =
            "{\"id\":7,\"index\":9,\"term\":1,\"w\":3,\"acks\":[\"a\",\"b\",\"c\"],\"committed\":true}";
    private static final Duration SHORT = Duration.ofMillis(400);

    private static ReplogClient client(Duration timeout, ScriptedNode... nodes) {
        List<String> urls = new ArrayList<>();
        for (ScriptedNode node : nodes) {
            urls.add(node.url());
        }
        return ReplogClient.of(urls, timeout);
    }

    @Test
    void tellsWhereAnAcknowledgedMessageStands() {
        try (ScriptedNode node = new ScriptedNode("a").then(reply(201, STORED));
                ReplogClient client = client(SHORT, node)) {
            WriteOutcome<Appended> outcome = client.post("hello");

            assertThat(outcome).isInstanceOf(Acknowledged.class);
            assertThat(outcome.orThrow()).isEqualTo(new Appended(7, 9, 1, 3, List.of("a", "b", "c"), true));
            assertThat(node.seen()).containsExactly("POST /messages " + outcome.key());
        }
    }

    @Test
    void sendsAWriteAgainWithTheSameKeyWhereTheAnswerWasLost() {
        try (ScriptedNode node = new ScriptedNode("a")
                        .then(drop())
                        .then(problem(500, "unknown", ""))
                        .then(reply(200, STORED));
                ReplogClient client = client(Duration.ofSeconds(5), node)) {
            WriteOutcome<Appended> outcome = client.post("hello");

            assertThat(outcome).isInstanceOf(Acknowledged.class);
            assertThat(outcome.attempts()).isEqualTo(3);
            assertThat(node.seen()).hasSize(3).containsOnly("POST /messages " + outcome.key());
        }
    }

    @Test
    void goesOnUntilAnotherNodeLeads() {
        try (ScriptedNode old = new ScriptedNode("a");
                ScriptedNode young = new ScriptedNode("b").led("a")) {
            old.led(null).knowing(old, young).then(problem(503, "not-stored", ""));
            young.then(problem(503, "not-stored", "")).then(reply(201, STORED));
            try (ReplogClient client = client(Duration.ofSeconds(5), old)) {
                assertThat(client.post("hello")).isInstanceOf(Acknowledged.class);
            }
            assertThat(young.seen()).hasSize(2);
        }
    }

    @Test
    void leavesANodeThatHangs() {
        try (ScriptedNode stopped = new ScriptedNode("a");
                ScriptedNode other = new ScriptedNode("b").led("a").then(reply(201, STORED))) {
            stopped.knowing(stopped, other);
            other.knowing(stopped, other);
            stopped.then(exchange -> stopped.hang());
            try (ReplogClient client = client(Duration.ofSeconds(15), stopped, other)) {
                WriteOutcome<Appended> outcome = client.post("hello");

                assertThat(outcome).isInstanceOf(Acknowledged.class);
                assertThat(other.seen()).containsExactly("POST /messages " + outcome.key());
            }
        }
    }

    @Test
    void doesNotRepeatWhatIsRefusedForGood() {
        try (ScriptedNode node = new ScriptedNode("a").then(problem(400, "not-stored", ""));
                ReplogClient client = client(Duration.ofSeconds(5), node)) {
            WriteOutcome<Appended> outcome = client.post("hello", WriteOptions.DEFAULT.withW("9"));

            assertThat(outcome).isInstanceOf(NotStored.class);
            assertThat(outcome.attempts()).isEqualTo(1);
            assertThatThrownBy(outcome::orThrow)
                    .isInstanceOfSatisfying(WriteFailedException.class, e -> assertThat(e.isUnknown())
                            .isFalse())
                    .hasMessage("Told to: by the script (400)");
        }
    }

    @Test
    void saysUnknownWithTheIdWhereTheDeadlinePassed() {
        try (ScriptedNode node = new ScriptedNode("a")
                        .then(problem(504, "unknown", ",\"id\":7,\"index\":9,\"acks\":[\"a\"],\"missing\":[\"b\"]"))
                        .then(problem(503, "not-stored", ""));
                ReplogClient client = client(SHORT, node)) {
            WriteOutcome<Appended> outcome = client.post("hello");

            assertThat(outcome).isInstanceOfSatisfying(Unknown.class, unknown -> {
                assertThat(unknown.problem().id()).isEqualTo(7);
                assertThat(unknown.problem().missing()).containsExactly("b");
            });
        }
    }

    @Test
    void neverCallsAWriteNotStoredOnceAnAnswerToItWasLost() {
        try (ScriptedNode node = new ScriptedNode("a").then(drop()).then(problem(503, "not-stored", ""));
                ReplogClient client = client(SHORT, node)) {
            assertThat(client.post("hello")).isInstanceOf(Unknown.class);
        }
    }

    @Test
    void namesAClientAndTheNumberOfItsWriteInsteadOfAKeyOfItsOwn() {
        WriteOptions third = WriteOptions.DEFAULT.withKey(new RequestKey.ClientSequence("till-4", 3));
        try (ScriptedNode node = new ScriptedNode("a").then(drop()).then(reply(200, STORED));
                ReplogClient client = client(Duration.ofSeconds(5), node)) {
            assertThat(client.post("hello", third)).isInstanceOf(Acknowledged.class);
            assertThat(node.seen()).containsExactly("POST /messages till-4 #3", "POST /messages till-4 #3");
        }
    }

    @Test
    void takesANumberThatIsTooOldForNotStoredOnlyWhereNoAnswerWasLost() {
        WriteOptions third = WriteOptions.DEFAULT.withKey(new RequestKey.ClientSequence("till-4", 3));
        try (ScriptedNode node = new ScriptedNode("a").then(problem(409, "not-stored", ""));
                ReplogClient client = client(Duration.ofSeconds(5), node)) {
            assertThat(client.post("hello", third)).isInstanceOf(NotStored.class);
        }
        try (ScriptedNode node = new ScriptedNode("a").then(drop()).then(problem(409, "not-stored", ""));
                ReplogClient client = client(Duration.ofSeconds(5), node)) {
            WriteOutcome<Appended> outcome = client.post("hello", third);

            assertThat(outcome).isInstanceOf(Unknown.class);
            assertThatThrownBy(outcome::orThrow)
                    .isInstanceOfSatisfying(
                            WriteFailedException.class, e -> assertThat(e.key()).isEqualTo(third.key()));
        }
    }

    @Test
    void refusesKeysThatNoNodeWouldAccept() {
        for (String key : List.of("", "two words", "grün", "x".repeat(256))) {
            assertThatThrownBy(() -> WriteOptions.DEFAULT.withIdempotencyKey(key))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 255 visible");
        }
        assertThatThrownBy(() -> new RequestKey.ClientSequence("x".repeat(65), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 64 visible");
        assertThatThrownBy(() -> new RequestKey.ClientSequence("x", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1");
    }

    @Test
    void saysNotStoredWhereNobodyIsThere() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (ReplogClient client = ReplogClient.of(List.of("127.0.0.1:" + port), SHORT)) {
            assertThat(client.post("hello"))
                    .isInstanceOfSatisfying(NotStored.class, outcome -> assertThat(outcome.nobodyReached())
                            .isTrue());
            assertThatThrownBy(client::cluster)
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void readsFromTheNodesThatItWasGiven() {
        try (ScriptedNode leader = new ScriptedNode("a").then(reply(200, "{\"messages\":[],\"lastId\":0}"));
                ScriptedNode follower = new ScriptedNode("b").led("a")) {
            follower.knowing(leader, follower)
                    .then(reply(200, "{\"messages\":[{\"id\":1,\"message\":\"m\"}],\"lastId\":1}"));
            try (ReplogClient client = client(SHORT, follower)) {
                assertThat(client.messages(ReadOptions.DEFAULT).messages()).containsExactly(new Message(1, "m"));
                assertThat(leader.seen()).isEmpty();
            }
        }
    }

    @Test
    void streamsAListInConstantMemory() {
        try (ScriptedNode node = new ScriptedNode("a").then(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int id = 1; id <= 3; id++) {
                        byte[] line =
                                ("{\"id\":" + id + ",\"message\":\"m" + id + "\"}\n").getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseBody().write(line);
                    }
                    exchange.close();
                });
                ReplogClient client = client(SHORT, node)) {
            List<Message> messages = new ArrayList<>();

            client.forEachMessage(ReadOptions.DEFAULT, messages::add);

            assertThat(messages).extracting(Message::message).containsExactly("m1", "m2", "m3");
        }
    }

    @Test
    void followsTheLogOverAFailureWithNeitherGapNorRepeat() {
        try (ScriptedNode first = new ScriptedNode("a").then(events(1, 3)).then(drop());
                ScriptedNode second = new ScriptedNode("b").led("a")) {
            first.knowing(first, second);
            second.then(events(3, 5)).then(events(9, 9)).then(events(6, 7));
            try (ReplogClient client = client(Duration.ofSeconds(10), first);
                    MessageStream stream = client.follow(1)) {
                for (long id = 1; id <= 7; id++) {
                    assertThat(stream.next()).isEqualTo(new Message(id, "m" + id));
                }
            }
        }
    }

    @Test
    void endsTheStreamWhereItIsClosed() {
        try (ScriptedNode node = new ScriptedNode("a").then(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().flush();
                });
                ReplogClient client = client(Duration.ofSeconds(10), node)) {
            MessageStream stream = client.follow(1);
            Thread.ofVirtual().start(() -> {
                while (node.seen().isEmpty()) {
                    Thread.onSpinWait();
                }
                stream.close();
            });

            assertThat(stream.next()).isNull();
        }
    }

    @Test
    void refusesUrlsThatAreNone() {
        assertThatThrownBy(() -> ReplogClient.of("ftp://x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://host:port");
    }
}
