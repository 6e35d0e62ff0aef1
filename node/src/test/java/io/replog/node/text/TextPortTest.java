package io.replog.node.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvText;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import io.replog.core.replica.Role;
import io.replog.node.InvalidSettingException;
import io.replog.node.web.FakeLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.forward.LeaderTransport;
import io.replog.node.web.http.Fingerprint;
import io.replog.node.web.http.ReadGate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TextPortTest {
    private static final int MAX_VALUE = 100_000;

    private final FakeLog log = FakeLog.leaderOfThree();
    private final ConcurrentLinkedQueue<LeaderTransport.Request> forwarded = new ConcurrentLinkedQueue<>();
    private Function<LeaderTransport.Request, LeaderTransport.Result> leader =
            _ -> new LeaderTransport.Result.NotSent("nobody is there");
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Duration electionTimeout = Duration.ofMillis(100);
    private Duration writeTimeout = Duration.ofSeconds(20);
    private TextPort port;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
        if (port != null) {
            port.stop();
        }
    }

    @Test
    void answersTheBasics() throws IOException {
        TextClient client = client();

        assertThat(client.ask("PING")).isEqualTo("+PONG");
        assertThat(client.ask("ping", "hello")).isEqualTo("hello");
        assertThat(client.ask("ECHO", "a\r\n\0b")).isEqualTo("a\r\n\0b");
        assertThat(client.ask("SELECT", "0")).isEqualTo("+OK");
        assertThat(client.ask("COMMAND", "DOCS")).isEqualTo("[]");
        assertThat(client.ask("COMMAND", "INFO", "get")).isEqualTo("[[get, :2, [readonly], :1, :1, :1]]");
        assertThat(client.ask("COMMAND")).contains("[set, :3, [write], :1, :1, :1]");
        assertThat(client.ask("HELLO", "2")).contains("proto, :2");
        assertThat(client.ask("HELLO", "3")).startsWith("-NOPROTO");
        assertThat(client.ask("CLIENT", "SETINFO", "LIB-NAME", "x")).isEqualTo("+OK");
        assertThat(client.ask("INFO")).contains("role:leader\r\n").contains("node:master");
    }

    @Test
    void writesAndReadsKeys() throws IOException {
        TextClient client = client();

        assertThat(client.ask("GET", "k")).isEqualTo("nil");
        assertThat(client.ask("SET", "k", "one")).isEqualTo("+OK");
        assertThat(log.lastW()).isEqualTo(WriteConcern.MAJORITY);
        assertThat(client.ask("GET", "k")).isEqualTo("one");
        assertThat(client.ask("PUT", "k", "two")).isEqualTo("+OK");
        assertThat(client.ask("APPEND", "k", "\u00c3\u00bc")).isEqualTo(":5");
        assertThat(client.ask("PUTHASH", "h", "foobar")).isEqualTo("nil");
        assertThat(client.ask("PUTHASH", "h", "x")).isEqualTo(Integer.toUnsignedString(0xbf9cf968));
        assertThat(client.ask("DBSIZE")).isEqualTo(":2");
        assertThat(client.ask("DEL", "k", "absent", "h")).isEqualTo(":2");
        assertThat(client.ask("DBSIZE")).isEqualTo(":0");
        assertThat(client.ask("SET", "k", "")).isEqualTo("+OK");
        assertThat(client.ask("GET", "k")).isEmpty();
    }

    @Test
    void valuesAreAnyBytes() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 256; i++) {
            all.append((char) i);
        }
        TextClient client = client();

        assertThat(client.ask("SET", "k", all.toString())).isEqualTo("+OK");
        assertThat(client.ask("GET", "k")).isEqualTo(all.toString());
        assertThat(client.ask("APPEND", "k", all.toString())).isEqualTo(":512");
        assertThat(client.ask("GET", "k")).isEqualTo(all + all.toString());
    }

    @Test
    void plainLinesTakeTheRestOfTheLine() throws IOException {
        TextClient client = client();

        client.send("SET key1 two words  and more \r\n");
        assertThat(client.reply()).isEqualTo("+OK");
        assertThat(client.send("get key1\n").reply()).isEqualTo("two words  and more ");
        assertThat(client.send("  Echo \"quoted\"  text\n").reply()).isEqualTo("\"quoted\"  text");
        assertThat(client.send("\n\r\n   \nPING\n").reply()).isEqualTo("+PONG");
        assertThat(client.send("SET empty \nGET empty\n").reply()).isEqualTo("+OK");
        assertThat(client.reply()).isEmpty();
        assertThat(client.send("DEL key1 empty\n").reply()).isEqualTo(":2");
        assertThat(client.send("SET key1\n").reply()).startsWith("-ERR wrong number of arguments");
        assertThat(client.send("Nonsense here\n").reply()).isEqualTo("-ERR unknown command 'Nonsense'");
    }

    @Test
    void linesAndArraysMixOnOneConnection() throws IOException {
        TextClient client = client();

        client.send("SET a 1\n" + TextClient.array("GET", "a") + "GET a\r\n" + TextClient.array("PING") + "PING\n");

        assertThat(client.reply()).isEqualTo("+OK");
        assertThat(client.reply()).isEqualTo("1");
        assertThat(client.reply()).isEqualTo("1");
        assertThat(client.reply()).isEqualTo("+PONG");
        assertThat(client.reply()).isEqualTo("+PONG");
    }

    @Test
    void dumpsSortedLines() throws IOException {
        TextClient client = client();
        client.ask("SET", "b", "line\nbreak\\");
        client.ask("SET", "a", "1");
        client.ask("SET", "\u00c3\u00bc", "x=y");

        assertThat(client.ask("DUMP")).isEqualTo("a=1\nb=line\\nbreak\\\\\n\u00c3\u00bc=x=y\n");
        assertThat(client.send("DUMP\n").line()).isEqualTo("a=1");
        assertThat(client.line()).isEqualTo("b=line\\nbreak\\\\");
        assertThat(client.line()).isEqualTo("\u00c3\u00bc=x=y");
        assertThat(client.line()).isEmpty();
        assertThat(client.send("DUMP").endInput().rest()).isEqualTo("a=1\nb=line\\nbreak\\\\\n\u00c3\u00bc=x=y\n\n");
    }

    @Test
    void largeDumpsStream() throws IOException {
        TextClient client = client();
        String value = "v".repeat(50_000);
        for (int i = 0; i < 60; i++) {
            client.command("SET", "key%02d".formatted(i), value);
        }
        for (int i = 0; i < 60; i++) {
            assertThat(client.reply()).isEqualTo("+OK");
        }

        String dump = client.command("DUMP").command("PING").reply();

        assertThat(dump)
                .hasSize(60 * (5 + 1 + 50_000 + 1))
                .startsWith("key00=v")
                .contains("\nkey59=v");
        assertThat(client.reply()).isEqualTo("+PONG");
    }

    @Test
    void postsAndListsMessages() throws IOException {
        TextClient client = client();

        assertThat(client.ask("POST", "first")).isEqualTo(":1");
        assertThat(log.lastW()).isEqualTo(WriteConcern.ALL);
        assertThat(client.send("POST second  message\n").reply()).isEqualTo(":2");
        assertThat(client.ask("POST", "third")).isEqualTo(":3");
        assertThat(client.ask("RANGE", "1", "2")).isEqualTo("[[:1, first], [:2, second  message]]");
        assertThat(client.ask("RANGE", "3", "10")).isEqualTo("[[:3, third]]");
        assertThat(client.ask("RANGE", "4", "10")).isEqualTo("[]");
        assertThat(client.ask("RANGE", "1", "0")).isEqualTo("[]");
        assertThat(client.ask("RANGE", "0", "1")).startsWith("-ERR Bad request");
        assertThat(client.ask("RANGE", "x", "1")).startsWith("-ERR Bad request");
        assertThat(client.ask("POST", "\u00ff")).startsWith("-ERR Bad request").contains("not UTF-8");
    }

    @Test
    void badKeysAndArgumentsAreRefused() throws IOException {
        TextClient client = client();

        assertThat(client.ask("SET", "", "v")).startsWith("-ERR Bad request");
        assertThat(client.ask("SET", "k".repeat(513), "v")).startsWith("-ERR Bad request");
        assertThat(client.ask("GET", "\u00ff")).startsWith("-ERR Bad request").contains("not UTF-8");
        assertThat(client.ask("SET", "k", "v", "EX", "10")).startsWith("-ERR syntax error");
        assertThat(client.ask("GET")).startsWith("-ERR wrong number of arguments for 'get'");
        assertThat(client.ask("EXPIRE", "k", "1")).isEqualTo("-ERR unknown command 'EXPIRE'");
        assertThat(client.ask("DBSIZE")).isEqualTo(":0");
    }

    @Test
    void pipelinedCommandsAreAnsweredInOrder() throws IOException {
        TextClient client = client();
        StringBuilder commands = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            commands.append(TextClient.array("SET", "k", Integer.toString(i))).append(TextClient.array("GET", "k"));
        }
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                client.send(commands.toString());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        for (int i = 0; i < 3_000; i++) {
            assertThat(client.reply()).isEqualTo("+OK");
            assertThat(client.reply()).isEqualTo(Integer.toString(i));
        }
        sent.join();
    }

    @Test
    void whatIsTooLargeIsReadOverAndAnswered() throws IOException {
        TextClient client = client();
        String fits = "x".repeat(MAX_VALUE);

        assertThat(client.ask("SET", "k", fits)).isEqualTo("+OK");
        assertThat(client.ask("SET", "k", fits + "x")).startsWith("-ERR The body is too large");
        assertThat(client.ask("SET", fits + "x", "v")).startsWith("-ERR The body is too large");
        assertThat(client.send("SET k " + "y".repeat(3 * MAX_VALUE) + "\n").reply())
                .startsWith("-ERR The body is too large");
        assertThat(client.ask("GET", "k")).isEqualTo(fits);
    }

    @Test
    void protocolErrorsAreAnsweredAndEndTheConnection() throws IOException {
        for (String broken : List.of(
                "*1\r\n+PING\r\n",
                "*x\r\n",
                "*99999\r\n",
                "*1\r\n$-5\r\n",
                "*1\r\n$9999999999\r\n",
                "*1\r\n$4\r\nPINGxx",
                "*1\r\n*1\r\n$4\r\nPING\r\n",
                "*1\r\n$-1\r\n",
                "*1\n$4\r\nPING\r\n",
                "*\nPING\n",
                "*" + "1".repeat(40))) {
            TextClient client = client();

            client.send(TextClient.array("PING") + broken);

            assertThat(client.reply()).isEqualTo("+PONG");
            assertThat(client.reply()).as(broken).startsWith("-ERR Protocol error");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void quitEndsTheConnection() throws IOException {
        TextClient client = client();

        client.send(TextClient.array("SET", "k", "v") + TextClient.array("QUIT") + TextClient.array("SET", "k", "w"));

        assertThat(client.rest()).isEqualTo("+OK\r\n+OK\r\n");
        assertThat(client().ask("GET", "k")).isEqualTo("v");
    }

    @Test
    void afterTheHalfCloseWhatIsThereIsAnswered() throws IOException {
        TextClient client = client();

        client.send(TextClient.array("SET", "k", "v") + TextClient.array("GET", "k") + "PING")
                .endInput();

        assertThat(client.rest()).isEqualTo("+OK\r\n$1\r\nv\r\n+PONG\r\n");
    }

    @Test
    void problemsAreErrors() throws IOException {
        TextClient client = client();

        log.script(_ -> new Outcome.Refused(Refusal.NO_QUORUM));
        assertThat(client.ask("SET", "k", "v")).startsWith("-ERR No quorum: ");
        log.script(_ -> new Outcome.Unknown(log.placement(0, 0), Outcome.Unknown.Cause.LEADERSHIP_LOST));
        assertThat(client.ask("SET", "k", "v")).startsWith("-ERR Leadership was lost after the entry was appended: ");
        log.script(_ -> null);
        log.role(Role.FOLLOWER, null);
        assertThat(client.ask("SET", "k", "v")).startsWith("-ERR No leader: ");
        assertThat(client.ask("GET", "k")).startsWith("-ERR No quorum: ");
        assertThat(client.ask("DUMP")).isEmpty();
        log.role(Role.WITNESS, "master");
        assertThat(client.ask("GET", "k")).startsWith("-ERR A witness has no data: ");
        assertThat(client.ask("DUMP")).startsWith("-ERR A witness has no data: ");
    }

    @Test
    void writesAtAFollowerGoToTheLeaderOnceAndInOrder() throws IOException {
        log.role(Role.FOLLOWER, "secondary-1");
        leader = request ->
                answered(200, "{\"key\":\"k\",\"value\":\"new \\udcff\",\"index\":7,\"previous\":\"old\",\"id\":12}");
        TextClient client = client();

        client.command("SET", "a/b", "v\u00ff").command("APPEND", "k", "x").command("PUTHASH", "k", "x");
        client.command("DEL", "k", "k2").command("POST", "text");

        assertThat(client.reply()).isEqualTo("+OK");
        assertThat(client.reply()).isEqualTo(":5");
        assertThat(client.reply()).isEqualTo("old");
        assertThat(client.reply()).isEqualTo(":2");
        assertThat(client.reply()).isEqualTo(":12");
        assertThat(forwarded)
                .extracting(request -> request.method() + " " + request.target())
                .containsExactly(
                        "PUT /kv/a%2fb?w=majority",
                        "POST /kv/k/append?w=majority",
                        "POST /kv/k/hash?w=majority",
                        "DELETE /kv/k?w=majority",
                        "DELETE /kv/k2?w=majority",
                        "POST /messages?w=all");
        LeaderTransport.Request first = forwarded.peek();
        assertThat(first.body()).isEqualTo("v\u00ff".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(first.headers())
                .contains(
                        Map.entry("Content-Type", "application/octet-stream"),
                        Map.entry("Replog-Forwarded-By", "master"));
        assertThat(KvText.isWellFormed("\udcff")).isFalse();
    }

    @Test
    void theLeadersProblemsAreGivenBack() throws IOException {
        log.role(Role.FOLLOWER, "secondary-1");
        TextClient client = client();

        leader = _ -> answered(
                503,
                "{\"type\":\"t\",\"title\":\"No quorum\",\"status\":503,\"detail\":\"because\",\"outcome\":\"not-stored\"}");
        assertThat(client.ask("SET", "k", "v")).isEqualTo("-ERR No quorum: because");
        assertThat(forwarded).hasSize(1);
        leader = _ -> new LeaderTransport.Result.Broken("it broke");
        assertThat(client.ask("SET", "k", "v")).contains("it broke").contains("not known");
        leader = _ -> answered(502, "<html>");
        assertThat(client.ask("SET", "k", "v")).startsWith("-ERR Internal error");
        leader = _ -> answered(200, "{\"key\":\"k\",\"index\":7}");
        assertThat(client.ask("APPEND", "k", "v")).contains("is stored").contains("kept no more");
    }

    @Test
    void aWriteThatMayBeStoredIsSentAgainAsARepeat() throws IOException {
        electionTimeout = Duration.ofSeconds(5);
        log.role(Role.FOLLOWER, "secondary-1");
        TextClient client = client();
        leader = _ -> switch (forwarded.size()) {
            case 1 -> new LeaderTransport.Result.Broken("it broke");
            case 2 -> answered(500, "<html>");
            case 3 ->
                answered(
                        503,
                        "{\"type\":\"t\",\"title\":\"No quorum\",\"status\":503,\"detail\":\"d\",\"outcome\":\"not-stored\"}");
            default -> answered(200, "{\"key\":\"k\",\"value\":\"v\",\"index\":7,\"previous\":null}");
        };

        assertThat(client.ask("SET", "k", "v")).isEqualTo("+OK");
        assertThat(client.ask("SET", "k", "v")).isEqualTo("+OK");
        assertThat(client().ask("SET", "k", "v")).isEqualTo("+OK");

        List<String> keys = forwarded.stream()
                .map(request -> request.headers().stream()
                        .filter(header -> header.getKey().startsWith("Client-"))
                        .map(Map.Entry::getValue)
                        .collect(Collectors.joining(" ")))
                .toList();
        assertThat(keys).hasSize(6);
        assertThat(Set.copyOf(keys.subList(0, 4))).hasSize(1);
        assertThat(keys.getFirst()).endsWith(" 1");
        assertThat(keys.get(4)).isEqualTo(keys.getFirst().replaceFirst(" 1$", " 2"));
        assertThat(keys.get(5)).endsWith(" 1").isNotEqualTo(keys.getFirst());
    }

    @Test
    void aWriteThatMayBeStoredIsARepeatAlsoWhereThisNodeLeadsNow() throws IOException {
        electionTimeout = Duration.ofSeconds(5);
        log.role(Role.FOLLOWER, "secondary-1");
        leader = _ -> {
            log.role(Role.LEADER, "master");
            return new LeaderTransport.Result.Broken("it broke");
        };
        TextClient client = client();

        assertThat(client.ask("SET", "k", "v")).isEqualTo("+OK");

        Map<String, String> headers =
                forwarded.remove().headers().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        KvCommand command = new KvCommand(KvCommand.Operation.PUT, "k", "v", KvCommand.Condition.NONE);
        assertThat(log.lastRequest()).isNotNull();
        assertThat(log.lastRequest().key())
                .isEqualTo(new RequestKey.ClientSequence(
                        headers.get("Client-Id"), 1, Fingerprint.ofCommand(command, new byte[] {'v'})));
    }

    @Test
    void aConnectionSeesItsOwnWritesAtAFollowerBehindTheLeader() throws IOException {
        electionTimeout = Duration.ofSeconds(20);
        log.role(Role.FOLLOWER, "secondary-1");
        leader = _ -> answered(
                200,
                "{\"key\":\"k\",\"value\":\"v\",\"id\":1,\"index\":%d,\"previous\":null}"
                        .formatted(log.status().lastIndex() + 1));
        TextClient other = client();
        for (String read : List.of("DUMP", "DBSIZE", "GET k", "RANGE 1 9")) {
            TextClient client = client();
            String before = other.ask(read.split(" "));

            // when
            assertThat(client.ask("SET", "k", "v")).isEqualTo("+OK");
            client.command(read.split(" "));
            assertThat(other.ask(read.split(" "))).isEqualTo(before);
            log.appendCommitted(
                    read.startsWith("RANGE")
                            ? EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of(new byte[] {'m'})))
                            : EntryCodec.encode(
                                    RequestKey.NONE,
                                    new Payload.Command(new KvCommand(
                                            KvCommand.Operation.PUT,
                                            read.equals("GET k") ? "k" : read,
                                            read,
                                            KvCommand.Condition.NONE))));

            // then
            assertThat(client.reply())
                    .as(read)
                    .isEqualTo(other.ask(read.split(" ")))
                    .isNotEqualTo(before);
        }
    }

    @Test
    void aNodeThatLagsForLongerAnswersWithWhatItHas() throws IOException {
        log.role(Role.FOLLOWER, "secondary-1");
        leader = _ -> answered(200, "{\"key\":\"k\",\"value\":\"v\",\"index\":99,\"previous\":null}");
        TextClient client = client();

        assertThat(client.ask("SET", "k", "v")).isEqualTo("+OK");

        assertThat(client.ask("DUMP")).isEmpty();
        assertThat(client.ask("RANGE", "1", "9")).isEqualTo("[]");
    }

    @Test
    void aWriteThatWasNotSentFindsTheNextLeader() throws IOException {
        log.role(Role.FOLLOWER, "secondary-1");
        leader = _ -> {
            log.role(Role.LEADER, "master");
            return new LeaderTransport.Result.NotSent("cannot be reached");
        };
        TextClient client = client();

        assertThat(client.ask("SET", "k", "v")).isEqualTo("+OK");
        assertThat(client.ask("GET", "k")).isEqualTo("v");
        assertThat(forwarded).hasSize(1);
    }

    @Test
    void tooManyConnectionsCostTheIdlestOneItsOwn() throws IOException {
        start(3, Duration.ofSeconds(20));
        TextClient first = client();
        assertThat(first.ask("PING")).isEqualTo("+PONG");
        TextClient second = client();
        assertThat(second.ask("PING")).isEqualTo("+PONG");
        TextClient third = client();
        assertThat(third.ask("PING")).isEqualTo("+PONG");
        assertThat(first.ask("PING")).isEqualTo("+PONG");

        TextClient fourth = client();

        assertThat(fourth.ask("PING")).isEqualTo("+PONG");
        assertThat(second.isClosedByPeer()).isTrue();
        assertThat(first.ask("PING")).isEqualTo("+PONG");
        assertThat(third.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void aCommandThatDoesNotArriveIsGivenUpAndAnIdleClientIsNot() throws IOException {
        start(10, Duration.ofMillis(300));
        TextClient idle = client();
        assertThat(idle.ask("PING")).isEqualTo("+PONG");
        TextClient stalledArray = client().send("*2\r\n$4\r\nECHO\r\n$10\r\nabc");
        TextClient stalledLine = client().send("PIN");

        assertThat(stalledArray.isClosedByPeer()).isTrue();
        assertThat(stalledLine.isClosedByPeer()).isTrue();
        assertThat(idle.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void aClientThatDoesNotReadHarmsNobody() throws IOException {
        start(10, Duration.ofSeconds(20));
        TextClient other = client();
        other.ask("SET", "k", "x".repeat(MAX_VALUE));
        TextClient deaf = client();
        StringBuilder commands = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            commands.append("GET k\n");
        }
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                deaf.send(commands.toString());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        for (int i = 0; i < 100; i++) {
            assertThat(other.ask("PING")).isEqualTo("+PONG");
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(deaf.reply()).hasSize(MAX_VALUE);
        }
        sending.join();
    }

    @Test
    @Timeout(60)
    void aClientThatReadsNothingForTooLongIsCutOff() throws IOException {
        writeTimeout = Duration.ofMillis(300);
        TextClient other = client();
        other.ask("SET", "k", "x".repeat(MAX_VALUE));
        TextClient deaf = client().send("GET k\n".repeat(1_000));

        assertThatThrownBy(() -> {
                    while (true) {
                        deaf.send("PING\n");
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(other.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void largeCommandsShareABudgetAndGiveItBack() throws IOException {
        TextClient client = client();
        long before = port.budget().left();
        for (int i = 0; i < 20; i++) {
            assertThat(client.ask("SET", "k", "x".repeat(MAX_VALUE))).isEqualTo("+OK");
        }
        assertThat(port.budget().left()).isEqualTo(before);
        List<TextClient> half = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            half.add(client().send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + MAX_VALUE + "\r\nxxx"));
        }
        await(() -> port.budget().left() == before - 5L * MAX_VALUE);

        assertThat(client.ask("SET", "k", "y".repeat(MAX_VALUE))).startsWith("-ERR Too many writes are waiting");
        for (TextClient each : half) {
            each.close();
        }
        await(() -> port.budget().left() == before);
        assertThat(client.ask("SET", "k", "y".repeat(MAX_VALUE))).isEqualTo("+OK");
    }

    @Test
    void aPortThatIsTakenIsSaidClearly() throws IOException {
        client();
        TextPort second = newPort(10, Duration.ofSeconds(20), port.port());

        assertThatThrownBy(second::start)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("replog.text-port is '" + port.port() + "'");
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static LeaderTransport.Result answered(int status, String body) {
        return new LeaderTransport.Result.Answered(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    private TextClient client() throws IOException {
        if (port == null) {
            start(100, Duration.ofSeconds(20));
        }
        TextClient client = new TextClient(port.port());
        opened.add(client);
        return client;
    }

    private void start(int maxConnections, Duration commandTimeout) {
        port = newPort(maxConnections, commandTimeout, 0);
        port.start();
    }

    private TextPort newPort(int maxConnections, Duration commandTimeout, int number) {
        WebSettings web =
                WebSettings.of(log.self(), WriteConcern.ALL, WriteConcern.MAJORITY, MAX_VALUE, electionTimeout);
        TextPortSettings settings = new TextPortSettings(
                InetAddress.getLoopbackAddress(),
                number,
                WriteConcern.ALL,
                WriteConcern.MAJORITY,
                web.leaderWait(),
                MAX_VALUE,
                maxConnections,
                100,
                5L * MAX_VALUE + 1000,
                commandTimeout,
                writeTimeout);
        LeaderTransport transport = (_, request, _, _) -> {
            forwarded.add(request);
            return leader.apply(request);
        };
        return new TextPort(settings, log, new ReadGate(log, web), transport);
    }
}
