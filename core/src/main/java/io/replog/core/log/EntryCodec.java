package io.replog.core.log;

import io.replog.core.bytes.BytesIn;
import io.replog.core.bytes.BytesOut;
import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvText;
import io.replog.core.quorum.MembershipCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * Between requests, payloads and framed entries. Thread-safe: it has no state.
 *
 * <p>What follows the header in a frame (nothing in a witness's entry):
 *
 * <pre>
 * request key   u8 kind: 0 none
 *                        1 idempotency:     u8 length, key, i64 fingerprint
 *                        2 client sequence: u8 length, client id, i64 sequence, i64 fingerprint
 * MESSAGES      for each index: i32 length, UTF-8
 * COMMAND       u8 operation, u8 condition: 0 none, 1 index is + i64, 2 absent; u16 length, key; i32 length, value
 * NO_OP         i64 view
 * MEMBERSHIP    i64 view, membership (see {@link MembershipCodec})
 * </pre>
 */
public final class EntryCodec {
    private static final int KEY_NONE = 0;
    private static final int KEY_IDEMPOTENCY = 1;
    private static final int KEY_CLIENT_SEQUENCE = 2;

    private EntryCodec() {}

    /**
     * @param payload {@link Payload.Messages} or {@link Payload.Command}
     * @throws IllegalArgumentException for another payload, or messages without a message
     */
    public static EncodedRequest encode(RequestKey key, Payload payload) {
        return switch (payload) {
            case Payload.Messages messages -> encodeMessages(key, messages.texts());
            case Payload.Command command -> encodeCommand(key, command.command());
            case Payload.NoOp _, Payload.MembershipChange _, Payload.Omitted _ ->
                throw new IllegalArgumentException("not a request: " + payload);
        };
    }

    /** The entry that {@code request} becomes at the place that {@code header} gives. */
    public static LogEntry frame(EntryHeader header, EncodedRequest request) {
        if (header.count() != request.count()) {
            throw new IllegalArgumentException(header + " for a request that takes " + request.count());
        }
        return frame(header, request.type(), request.body());
    }

    /**
     * A no-op or membership entry.
     *
     * @throws IllegalArgumentException for another payload
     */
    public static LogEntry frameControl(EntryHeader header, Payload payload) {
        BytesOut out = new BytesOut(128);
        out.u8(KEY_NONE);
        EntryType type =
                switch (payload) {
                    case Payload.NoOp noOp -> {
                        out.i64(noOp.view());
                        yield EntryType.NO_OP;
                    }
                    case Payload.MembershipChange change -> {
                        out.i64(change.view());
                        MembershipCodec.write(out, change.membership());
                        yield EntryType.MEMBERSHIP;
                    }
                    case Payload.Messages _, Payload.Command _, Payload.Omitted _ ->
                        throw new IllegalArgumentException("not a control payload: " + payload);
                };
        return frame(header, type, out.toBytes());
    }

    /** The same entry without request key and payload, as a witness stores it; control entries keep theirs. */
    public static LogEntry omitPayload(LogEntry entry) {
        if (entry.isOmitted() || entry.type().isControl()) {
            return entry;
        }
        EntryHeader header = new EntryHeader(
                entry.firstIndex(),
                entry.count(),
                entry.term(),
                entry.timestampMillis(),
                entry.lastId(),
                entry.commitIndex());
        return LogEntry.seal(new byte[LogEntry.HEADER_BYTES], entry.type(), LogEntry.FLAG_OMITTED, header);
    }

    /**
     * {@link RequestKey#NONE} for control entries and those of a witness.
     *
     * @throws DamagedEntryException where no request key stands there, although the checksum is right
     */
    public static RequestKey requestKey(LogEntry entry) {
        return entry.isOmitted() ? RequestKey.NONE : readKey(body(entry));
    }

    /** @throws DamagedEntryException where the payload is not what the type says, although the checksum is right */
    public static Payload payload(LogEntry entry) {
        if (entry.isOmitted()) {
            return new Payload.Omitted();
        }
        BytesIn in = body(entry);
        skipKey(in);
        Payload payload =
                switch (entry.type()) {
                    case MESSAGES -> readMessages(in, entry.count());
                    case COMMAND -> new Payload.Command(readCommand(in));
                    case NO_OP -> new Payload.NoOp(in.i64());
                    case MEMBERSHIP -> new Payload.MembershipChange(in.i64(), MembershipCodec.read(in));
                };
        in.end();
        return payload;
    }

    /**
     * A cursor over the texts of an entry of type {@link EntryType#MESSAGES}, without copying them.
     *
     * @throws IllegalArgumentException where the entry has no texts
     * @throws DamagedEntryException    as for {@link #payload}
     */
    public static MessageCursor messages(LogEntry entry) {
        if (entry.isOmitted() || entry.type() != EntryType.MESSAGES) {
            throw new IllegalArgumentException(entry + " has no texts");
        }
        BytesIn in = body(entry);
        skipKey(in);
        return new MessageCursor(entry, in);
    }

    private static LogEntry frame(EntryHeader header, EntryType type, byte[] body) {
        byte[] frame = new byte[LogEntry.HEADER_BYTES + body.length];
        System.arraycopy(body, 0, frame, LogEntry.HEADER_BYTES, body.length);
        return LogEntry.seal(frame, type, 0, header);
    }

    private static BytesIn body(LogEntry entry) {
        return new BytesIn(
                entry.array(),
                entry.offset() + LogEntry.HEADER_BYTES,
                entry.offset() + entry.length(),
                DamagedEntryException::new);
    }

    private static EncodedRequest encodeMessages(RequestKey key, List<byte[]> texts) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one message");
        }
        long size = keyBytes(key);
        for (byte[] text : texts) {
            size += Integer.BYTES + text.length;
        }
        BytesOut out = new BytesOut(Math.toIntExact(size));
        writeKey(out, key);
        for (byte[] text : texts) {
            out.i32(text.length);
            out.raw(text);
        }
        return new EncodedRequest(EntryType.MESSAGES, texts.size(), key, out.toBytes());
    }

    private static EncodedRequest encodeCommand(RequestKey key, KvCommand command) {
        byte[] kvKey = KvText.toBytes(command.key());
        byte[] value = KvText.toBytes(command.value());
        int conditionBytes = command.condition() instanceof KvCommand.Condition.IndexIs ? 1 + Long.BYTES : 1;
        BytesOut out = new BytesOut(Math.toIntExact(
                (long) keyBytes(key) + 1 + conditionBytes + Short.BYTES + kvKey.length + Integer.BYTES + value.length));
        writeKey(out, key);
        out.u8(
                switch (command.operation()) {
                    case PUT -> 1;
                    case APPEND -> 2;
                    case HASH -> 3;
                    case DELETE -> 4;
                });
        switch (command.condition()) {
            case KvCommand.Condition.None _ -> out.u8(0);
            case KvCommand.Condition.IndexIs is -> {
                out.u8(1);
                out.i64(is.index());
            }
            case KvCommand.Condition.Absent _ -> out.u8(2);
        }
        out.u16(kvKey.length);
        out.raw(kvKey);
        out.i32(value.length);
        out.raw(value);
        return new EncodedRequest(EntryType.COMMAND, 1, key, out.toBytes());
    }

    private static Payload.Messages readMessages(BytesIn in, int count) {
        if ((long) count * Integer.BYTES > in.remaining()) {
            throw in.fail(count + " messages in " + in.remaining() + " bytes");
        }
        List<byte[]> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(in.raw(in.i32()));
        }
        return new Payload.Messages(texts);
    }

    private static KvCommand readCommand(BytesIn in) {
        int code = in.u8();
        KvCommand.Operation operation =
                switch (code) {
                    case 1 -> KvCommand.Operation.PUT;
                    case 2 -> KvCommand.Operation.APPEND;
                    case 3 -> KvCommand.Operation.HASH;
                    case 4 -> KvCommand.Operation.DELETE;
                    default -> throw in.fail("unknown operation " + code);
                };
        int conditionCode = in.u8();
        KvCommand.Condition condition =
                switch (conditionCode) {
                    case 0 -> KvCommand.Condition.NONE;
                    case 1 -> new KvCommand.Condition.IndexIs(in.i64());
                    case 2 -> new KvCommand.Condition.Absent();
                    default -> throw in.fail("unknown condition " + conditionCode);
                };
        String key = KvText.fromBytes(in.raw(in.u16()));
        String value = KvText.fromBytes(in.raw(in.i32()));
        try {
            return new KvCommand(operation, key, value, condition);
        } catch (IllegalArgumentException e) {
            throw in.fail(String.valueOf(e.getMessage()));
        }
    }

    private static int keyBytes(RequestKey key) {
        return switch (key) {
            case RequestKey.None _ -> 1;
            case RequestKey.Idempotency idempotency -> 2 + idempotency.key().length() + Long.BYTES;
            case RequestKey.ClientSequence client -> 2 + client.clientId().length() + 2 * Long.BYTES;
        };
    }

    private static void writeKey(BytesOut out, RequestKey key) {
        switch (key) {
            case RequestKey.None _ -> out.u8(KEY_NONE);
            case RequestKey.Idempotency idempotency -> {
                out.u8(KEY_IDEMPOTENCY);
                out.shortAscii(idempotency.key());
                out.i64(idempotency.fingerprint());
            }
            case RequestKey.ClientSequence client -> {
                out.u8(KEY_CLIENT_SEQUENCE);
                out.shortAscii(client.clientId());
                out.i64(client.sequence());
                out.i64(client.fingerprint());
            }
        }
    }

    private static RequestKey readKey(BytesIn in) {
        int kind = in.u8();
        try {
            return switch (kind) {
                case KEY_NONE -> RequestKey.NONE;
                case KEY_IDEMPOTENCY -> new RequestKey.Idempotency(in.shortAscii(), in.i64());
                case KEY_CLIENT_SEQUENCE -> new RequestKey.ClientSequence(in.shortAscii(), in.i64(), in.i64());
                default -> throw in.fail("unknown kind of request key " + kind);
            };
        } catch (IllegalArgumentException e) {
            throw in.fail(String.valueOf(e.getMessage()));
        }
    }

    private static void skipKey(BytesIn in) {
        int kind = in.u8();
        switch (kind) {
            case KEY_NONE -> {}
            case KEY_IDEMPOTENCY -> in.skip(in.u8() + Long.BYTES);
            case KEY_CLIENT_SEQUENCE -> in.skip(in.u8() + 2 * Long.BYTES);
            default -> throw in.fail("unknown kind of request key " + kind);
        }
    }
}
