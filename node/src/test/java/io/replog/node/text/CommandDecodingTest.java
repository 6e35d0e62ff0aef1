package io.replog.node.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.redis.FixedRedisMessagePool;
import io.netty.handler.codec.redis.InlineCommandRedisMessage;
import io.netty.handler.codec.redis.RedisDecoder;
import io.replog.core.quorum.WriteConcern;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Commands out of bytes, however these are cut into pieces. */
class CommandDecodingTest {
    private static final int MAX_VALUE = 1_000;

    private static final String STREAM = String.join(
            "",
            TextClient.array("SET", "k", "two\r\nlines\0\u00ff"),
            "GET k\n",
            "*0\r\n*-1\r\n\r\n\n",
            TextClient.array("PING"),
            TextClient.array("SET", "", ""),
            "SET k  a \u00ff \r\n",
            TextClient.array("SET", "large", "x".repeat(MAX_VALUE + 1)),
            "SET large " + "y".repeat(2 * MAX_VALUE + 2_000) + "\n",
            TextClient.array("DEL", "a", "b", "$1\r\n*1\r\n"),
            TextClient.array("SET", "k", "z".repeat(MAX_VALUE)),
            "DUMP");

    private static final List<String> COMMANDS = List.of(
            "array [SET, k, two\r\nlines\0\u00ff]",
            "line [GET, k]",
            "array [PING]",
            "array [SET, , ]",
            "line [SET, k,  a \u00ff ]",
            "TOO_LARGE",
            "TOO_LARGE",
            "array [DEL, a, b, $1\r\n*1\r\n]",
            "array [SET, k, " + "z".repeat(MAX_VALUE) + "]",
            "line [DUMP]");

    private final ByteBudget budget = new ByteBudget(1 << 20);

    @Test
    void commandsAreTheSameWhereverTheBytesAreCutInTwo() {
        for (int cut = 0; cut <= STREAM.length(); cut++) {
            assertThat(decode(List.of(STREAM.substring(0, cut), STREAM.substring(cut))))
                    .as("cut at %d", cut)
                    .isEqualTo(COMMANDS);
        }
    }

    @Test
    void commandsAreTheSameByteByByteAndInAnyPieces() {
        Random random = new Random(7);
        for (int most = 1; most < 200; most += 3) {
            List<String> pieces = new ArrayList<>();
            for (int at = 0; at < STREAM.length(); at += pieces.getLast().length()) {
                int length = 1 + random.nextInt(most);
                pieces.add(STREAM.substring(at, Math.min(at + length, STREAM.length())));
            }
            assertThat(decode(pieces)).as("pieces of up to %d", most).isEqualTo(COMMANDS);
        }
        assertThat(budget.left()).isEqualTo(1 << 20);
    }

    @Test
    void nothingBehindAProtocolErrorIsACommand() {
        List<String> decoded = decode(List.of("PING\n*1\r\n$x\r\n", TextClient.array("PING"), "PING\n"));

        assertThat(decoded).hasSize(2).first().isEqualTo("line [PING]");
        assertThat(decoded.getLast()).startsWith("error ");
    }

    /** Why plain lines do not go to it. */
    @Test
    void nettysDecoderTakesNeitherALineFeedAloneNorAnyBytesOnALine() {
        EmbeddedChannel lineFeed = new EmbeddedChannel(new RedisDecoder(true));
        EmbeddedChannel anyByte = new EmbeddedChannel(new RedisDecoder(true));

        assertThatThrownBy(() -> lineFeed.writeInbound(bytes("DUMP\n"))).isInstanceOf(DecoderException.class);
        anyByte.writeInbound(bytes("SET k \u00ff\r\n"));
        InlineCommandRedisMessage line = anyByte.readInbound();
        assertThat(line.content()).isEqualTo("SET k \ufffd");
        assertThat(lineFeed.close().isDone()).isTrue();
        assertThat(anyByte.close().isDone()).isTrue();
    }

    private List<String> decode(List<String> pieces) {
        TextPortSettings settings = new TextPortSettings(
                InetAddress.getLoopbackAddress(),
                0,
                WriteConcern.ALL,
                WriteConcern.MAJORITY,
                Duration.ofSeconds(1),
                MAX_VALUE,
                1,
                1,
                1 << 20,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        CommandAggregator arrays = new CommandAggregator(settings, budget);
        EmbeddedChannel channel = new EmbeddedChannel(
                new CommandSplitter(settings, arrays),
                new RedisDecoder(CommandSplitter.MAX_LENGTH_LINE, FixedRedisMessagePool.INSTANCE),
                arrays);
        pieces.forEach(piece -> channel.writeInbound(bytes(piece)));
        assertThat(channel.close().isDone()).isTrue();
        List<String> decoded = new ArrayList<>();
        for (Object input = channel.readInbound(); input != null; input = channel.readInbound()) {
            decoded.add(shown((TextInput) input));
        }
        return decoded;
    }

    private String shown(TextInput input) {
        return switch (input) {
            case TextInput.Command(var arguments, boolean isLine, long charged) -> {
                budget.giveBack(charged);
                yield (isLine ? "line " : "array ")
                        + arguments.stream()
                                .map(argument -> new String(argument, StandardCharsets.ISO_8859_1))
                                .collect(Collectors.joining(", ", "[", "]"));
            }
            case TextInput.Refused(var reason) -> reason.name();
            case TextInput.ProtocolError(String detail) -> "error " + detail;
        };
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
