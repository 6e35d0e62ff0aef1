package io.replog.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.bytes.BytesOut;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerMessageCodecTest {
    static Stream<PeerMessage> messages() {
        return Stream.of(
                new PeerMessage.Hello(),
                new PeerMessage.HelloReply(5),
                new PeerMessage.PreVote(1, 2, 3, 4),
                new PeerMessage.RequestVote(1, 2, 3, true),
                new PeerMessage.RequestVote(1, 2, 3, false),
                new PeerMessage.Vote(true, 5, false),
                new PeerMessage.Vote(false, 5, true),
                new PeerMessage.AppendEntries(1, 2, List.of(), 3, 4),
                new PeerMessage.AppendReply(true, 1, 2, 3, 4),
                new PeerMessage.AppendReply(false, 1, 2, 3, Long.MAX_VALUE),
                new PeerMessage.Heartbeat(1, 2, 3),
                new PeerMessage.Heartbeat(
                        1, 2, 3, List.of(new NodeId("secondary-1")), List.of(new NodeId("a"), new NodeId("b"))),
                new PeerMessage.HeartbeatReply(1, 2),
                new PeerMessage.ReadIndex(-1),
                new PeerMessage.ReadIndexReply(1, true, 3),
                new PeerMessage.ReadIndexReply(1, false, 0),
                new PeerMessage.TimeoutNow());
    }

    static Stream<PeerMessage> withEntries() {
        return Stream.concat(messages(), Stream.of(append()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void givesMessagesBack(PeerMessage message) {
        PeerEnvelope envelope = envelope(message);

        assertThat(PeerMessageCodec.decode(PeerMessageCodec.encode(envelope))).isEqualTo(envelope);
    }

    @Test
    void givesEntriesBackAsSlicesOfTheMessage() {
        PeerMessage.AppendEntries append = append();

        byte[] bytes = PeerMessageCodec.encode(envelope(append));
        PeerEnvelope decoded = PeerMessageCodec.decode(bytes);

        PeerMessage.AppendEntries got = (PeerMessage.AppendEntries) decoded.message();
        assertThat(got.prevIndex()).isEqualTo(append.prevIndex());
        assertThat(got.prevTerm()).isEqualTo(append.prevTerm());
        assertThat(got.commitIndex()).isEqualTo(append.commitIndex());
        assertThat(got.replicatedIndex()).isEqualTo(append.replicatedIndex());
        assertThat(got.entries()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            assertThat(got.entries().get(i).array()).isSameAs(bytes);
            assertThat(frame(got.entries().get(i)))
                    .isEqualTo(frame(append.entries().get(i)));
        }
    }

    @ParameterizedTest
    @MethodSource("withEntries")
    void partsAreTheSameBytes(PeerMessage message) {
        PeerMessageCodec.Parts parts = PeerMessageCodec.encodeParts(envelope(message));
        BytesOut out = new BytesOut(0);
        out.raw(parts.head());
        for (LogEntry entry : parts.entries()) {
            out.raw(entry.array(), entry.offset(), entry.length());
        }

        assertThat(out.toBytes()).isEqualTo(PeerMessageCodec.encode(envelope(message)));
        assertThat(parts.length()).isEqualTo(out.size());
    }

    @ParameterizedTest
    @MethodSource("withEntries")
    void everyTruncationIsMalformed(PeerMessage message) {
        byte[] bytes = PeerMessageCodec.encode(envelope(message));
        for (int length = 0; length < bytes.length; length++) {
            byte[] torn = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> PeerMessageCodec.decode(torn)).isInstanceOf(MalformedMessageException.class);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> PeerMessageCodec.decode(longer)).isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @MethodSource("withEntries")
    void everyFlippedBitIsMalformed(PeerMessage message) {
        byte[] bytes = PeerMessageCodec.encode(envelope(message));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> PeerMessageCodec.decode(flipped)).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void entriesThatDoNotFollowAreMalformed() {
        PeerMessage.AppendEntries append = append();
        PeerMessage.AppendEntries gap = new PeerMessage.AppendEntries(3, 1, append.entries(), 0, 0);

        byte[] bytes = PeerMessageCodec.encode(envelope(gap));

        assertThatThrownBy(() -> PeerMessageCodec.decode(bytes))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("index 4 is due");
    }

    private static PeerMessage.AppendEntries append() {
        LogEntry batch = EntryCodec.frame(
                new EntryHeader(10, 2, 3, 0, 9, 8),
                EntryCodec.encode(
                        new RequestKey.Idempotency("key", 4),
                        new Payload.Messages(List.of(new byte[0], "text".getBytes(StandardCharsets.UTF_8)))));
        LogEntry noOp = EntryCodec.frameControl(new EntryHeader(12, 1, 4, 0, 9, 8), new Payload.NoOp(6));
        return new PeerMessage.AppendEntries(9, 3, List.of(batch, noOp), 8, 7);
    }

    private static PeerEnvelope envelope(PeerMessage message) {
        return new PeerEnvelope(new ClusterId(1, -2), new NodeId("secondary-1"), 77, 5, message);
    }

    private static byte[] frame(LogEntry entry) {
        return Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
    }
}
