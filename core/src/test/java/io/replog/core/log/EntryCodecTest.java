package io.replog.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvText;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EntryCodecTest {
    private static final EntryHeader ONE = new EntryHeader(7, 1, 3, 1_700_000_000_123L, 5, 6);

    static Stream<RequestKey> keys() {
        return Stream.of(
                RequestKey.NONE,
                new RequestKey.Idempotency("k".repeat(255), -1),
                new RequestKey.ClientSequence("client-1", Long.MAX_VALUE, 42));
    }

    static Stream<KvCommand> commands() {
        return Stream.of(
                new KvCommand(KvCommand.Operation.PUT, "key", "value", KvCommand.Condition.NONE),
                new KvCommand(KvCommand.Operation.APPEND, "ключ", "значение 😀", new KvCommand.Condition.IndexIs(9)),
                new KvCommand(KvCommand.Operation.HASH, "k".repeat(512), "", new KvCommand.Condition.Absent()),
                new KvCommand(KvCommand.Operation.DELETE, "\0\r\n", "", KvCommand.Condition.NONE));
    }

    static Stream<LogEntry> entries() {
        return Stream.of(
                messages(RequestKey.NONE, "one"),
                messages(new RequestKey.Idempotency("again", 77), "", "two", "ünïcödé 😀"),
                messages(new RequestKey.ClientSequence("c", 1, 2), "x".repeat(300)),
                EntryCodec.frame(
                        ONE,
                        EntryCodec.encode(
                                RequestKey.NONE,
                                new Payload.Command(commands().findFirst().orElseThrow()))),
                EntryCodec.frameControl(ONE, new Payload.NoOp(12)),
                EntryCodec.frameControl(ONE, membershipChange()));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void givesMessagesBack(RequestKey key) {
        List<byte[]> texts =
                Stream.of("", "a", "ünïcödé 😀").map(EntryCodecTest::utf8).toList();

        EncodedRequest request = EntryCodec.encode(key, new Payload.Messages(texts));
        LogEntry entry = EntryCodec.frame(new EntryHeader(10, 3, 2, 99, 23, 8), request);

        assertThat(request.frameBytes()).isEqualTo(entry.length()).isEqualTo(entry.array().length);
        assertThat(entry.type()).isEqualTo(EntryType.MESSAGES);
        assertThat(entry.firstIndex()).isEqualTo(10);
        assertThat(entry.lastIndex()).isEqualTo(12);
        assertThat(entry.firstId()).isEqualTo(21);
        assertThat(entry.lastId()).isEqualTo(23);
        assertThat(entry.term()).isEqualTo(2);
        assertThat(entry.timestampMillis()).isEqualTo(99);
        assertThat(entry.commitIndex()).isEqualTo(8);
        assertThat(EntryCodec.requestKey(entry)).isEqualTo(key);
        assertThat(((Payload.Messages) EntryCodec.payload(entry)).texts()).containsExactlyElementsOf(texts);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void givesCommandsBack(KvCommand command) {
        for (RequestKey key : keys().toList()) {
            LogEntry entry = EntryCodec.frame(ONE, EntryCodec.encode(key, new Payload.Command(command)));

            assertThat(EntryCodec.payload(entry)).isEqualTo(new Payload.Command(command));
            assertThat(EntryCodec.requestKey(entry)).isEqualTo(key);
        }
    }

    @Test
    void givesBytesBackThatAreNotText() {
        String value = KvText.fromBytes(new byte[] {(byte) 0xff, 'a', (byte) 0xc3, 0, (byte) 0x80});
        KvCommand command = new KvCommand(KvCommand.Operation.PUT, "k", value, KvCommand.Condition.NONE);

        LogEntry entry = EntryCodec.frame(ONE, EntryCodec.encode(RequestKey.NONE, new Payload.Command(command)));

        assertThat(EntryCodec.payload(entry)).isEqualTo(new Payload.Command(command));
    }

    @Test
    void givesControlPayloadsBack() {
        LogEntry noOp = EntryCodec.frameControl(ONE, new Payload.NoOp(12));
        LogEntry membership = EntryCodec.frameControl(ONE, membershipChange());

        assertThat(EntryCodec.payload(noOp)).isEqualTo(new Payload.NoOp(12));
        assertThat(EntryCodec.payload(membership)).isEqualTo(membershipChange());
        assertThat(EntryCodec.requestKey(noOp)).isEqualTo(RequestKey.NONE);
        assertThat(EntryCodec.requestKey(membership)).isEqualTo(RequestKey.NONE);
    }

    @Test
    void cursorGoesThroughTextsInPlace() {
        LogEntry entry = messages(new RequestKey.Idempotency("key", 1), "first", "", "third");
        byte[] shifted = new byte[entry.length() + 13];
        System.arraycopy(entry.array(), 0, shifted, 13, entry.length());

        MessageCursor cursor = EntryCodec.messages(LogEntry.read(shifted, 13, shifted.length));
        List<String> seen = new ArrayList<>();
        while (cursor.next()) {
            assertThat(cursor.array()).isSameAs(shifted);
            seen.add(cursor.id() + "@" + cursor.index() + "="
                    + new String(cursor.array(), cursor.offset(), cursor.length(), StandardCharsets.UTF_8));
        }

        assertThat(seen).containsExactly("3@7=first", "4@8=", "5@9=third");
    }

    @ParameterizedTest
    @MethodSource("entries")
    void everyTruncationIsDamage(LogEntry entry) {
        byte[] frame = entry.array();
        for (int length = 0; length < frame.length; length++) {
            byte[] torn = Arrays.copyOf(frame, length);
            assertThatThrownBy(() -> LogEntry.read(torn, 0, torn.length)).isInstanceOf(DamagedEntryException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void everyFlippedBitIsDamage(LogEntry entry) {
        byte[] frame = entry.array();
        for (int bit = 0; bit < frame.length * 8; bit++) {
            byte[] flipped = frame.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> LogEntry.read(flipped, 0, flipped.length))
                    .isInstanceOf(DamagedEntryException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void bodiesThatAreNotWhatTheTypeSaysAreDamageDespiteAGoodChecksum(LogEntry entry) {
        byte[] body = Arrays.copyOfRange(entry.array(), LogEntry.HEADER_BYTES, entry.length());
        for (int length = 0; length < body.length; length++) {
            LogEntry torn = resealed(entry, Arrays.copyOf(body, length));
            assertThatThrownBy(() -> EntryCodec.payload(torn)).isInstanceOf(DamagedEntryException.class);
        }
        LogEntry longer = resealed(entry, Arrays.copyOf(body, body.length + 1));
        assertThatThrownBy(() -> EntryCodec.payload(longer)).isInstanceOf(DamagedEntryException.class);
        for (int bit = 0; bit < body.length * 8; bit++) {
            byte[] flipped = body.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            LogEntry changed = resealed(entry, flipped);
            assertThat(catchThrowable(() -> EntryCodec.payload(changed)))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isNull(), e -> assertThat(e).isInstanceOf(DamagedEntryException.class));
            assertThat(catchThrowable(() -> EntryCodec.requestKey(changed)))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isNull(), e -> assertThat(e).isInstanceOf(DamagedEntryException.class));
        }
    }

    @Test
    void absurdCountsAreDamageBeforeAnythingIsAllocated() {
        byte[] frame = new byte[LogEntry.HEADER_BYTES + 5];
        LogEntry entry = LogEntry.seal(frame, EntryType.MESSAGES, 0, new EntryHeader(1, Integer.MAX_VALUE, 1, 0, 0, 0));

        assertThatThrownBy(() -> EntryCodec.payload(entry))
                .isInstanceOf(DamagedEntryException.class)
                .hasMessageContaining("messages in");
    }

    @Test
    void omittingKeepsTheHeaderAlone() {
        LogEntry entry = messages(new RequestKey.Idempotency("key", 1), "first", "second");

        LogEntry omitted = EntryCodec.omitPayload(entry);

        assertThat(omitted.length()).isEqualTo(LogEntry.HEADER_BYTES);
        assertThat(omitted.isOmitted()).isTrue();
        assertThat(omitted.firstIndex()).isEqualTo(entry.firstIndex());
        assertThat(omitted.lastIndex()).isEqualTo(entry.lastIndex());
        assertThat(omitted.term()).isEqualTo(entry.term());
        assertThat(omitted.lastId()).isEqualTo(entry.lastId());
        assertThat(omitted.type()).isEqualTo(entry.type());
        assertThat(EntryCodec.payload(omitted)).isEqualTo(new Payload.Omitted());
        assertThat(EntryCodec.requestKey(omitted)).isEqualTo(RequestKey.NONE);
        assertThat(LogEntry.read(omitted.array(), 0, omitted.length()).isOmitted())
                .isTrue();
        assertThat(EntryCodec.omitPayload(omitted)).isSameAs(omitted);
    }

    @Test
    void controlEntriesKeepTheirPayload() {
        LogEntry noOp = EntryCodec.frameControl(ONE, new Payload.NoOp(12));

        assertThat(EntryCodec.omitPayload(noOp)).isSameAs(noOp);
    }

    @Test
    void refusesWhatIsNoRequest() {
        assertThatThrownBy(() -> EntryCodec.encode(RequestKey.NONE, new Payload.NoOp(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EntryCodec.frameControl(ONE, new Payload.Omitted()))
                .isInstanceOf(IllegalArgumentException.class);
        EncodedRequest two = EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of(utf8("a"), utf8("b"))));
        assertThatThrownBy(() -> EntryCodec.frame(ONE, two)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestKey.Idempotency("with space", 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestKey.Idempotency("", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestKey.ClientSequence("c".repeat(65), 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestKey.ClientSequence("c", 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KvCommand(KvCommand.Operation.PUT, "é".repeat(257), "", KvCommand.Condition.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static LogEntry resealed(LogEntry entry, byte[] body) {
        byte[] frame = new byte[LogEntry.HEADER_BYTES + body.length];
        System.arraycopy(body, 0, frame, LogEntry.HEADER_BYTES, body.length);
        return LogEntry.seal(
                frame, entry.type(), 0, new EntryHeader(7, entry.count(), 3, 0, entry.lastId(), entry.commitIndex()));
    }

    private static LogEntry messages(RequestKey key, String... texts) {
        List<byte[]> encoded = Stream.of(texts).map(EntryCodecTest::utf8).toList();
        return EntryCodec.frame(
                new EntryHeader(7, texts.length, 3, 1_700_000_000_123L, 5, 6),
                EntryCodec.encode(key, new Payload.Messages(encoded)));
    }

    private static Payload.MembershipChange membershipChange() {
        return new Payload.MembershipChange(
                4,
                new Membership(List.of(
                        new Member(new NodeId("a"), "http://127.0.0.1:5000", MemberKind.VOTER, 1, 123),
                        new Member(new NodeId("b"), "http://b", MemberKind.WITNESS, 0, 0),
                        new Member(new NodeId("c"), "http://c", MemberKind.LEARNER, 7, -1),
                        new Member(new NodeId("d"), "http://d", MemberKind.SPARE, 7, Long.MIN_VALUE))));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
