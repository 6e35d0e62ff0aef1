package io.replog.core.protocol;

import io.replog.core.bytes.BytesIn;
import io.replog.core.bytes.BytesOut;
import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import io.replog.core.quorum.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Between peer messages and bytes. Thread-safe: it has no state.
 *
 * <pre>
 * head    u8 version 1, i32 CRC32C of the rest of the head, u8 kind,
 *         i64 i64 cluster, u8 length and id of the sender, i64 incarnation, i64 term, fields of the message;
 *         of AppendEntries the last one is the i32 number of entries
 * frames  of the entries, which carry checksums of their own
 * </pre>
 */
public final class PeerMessageCodec {
    private static final int VERSION = 1;
    private static final int CRC_AT = 1;
    private static final int CHECKED_FROM = 5;

    private static final int HELLO = 1;
    private static final int HELLO_REPLY = 2;
    private static final int PRE_VOTE = 3;
    private static final int REQUEST_VOTE = 4;
    private static final int VOTE = 5;
    private static final int APPEND_ENTRIES = 6;
    private static final int APPEND_REPLY = 7;
    private static final int HEARTBEAT = 8;
    private static final int HEARTBEAT_REPLY = 9;
    private static final int READ_INDEX = 10;
    private static final int READ_INDEX_REPLY = 11;
    private static final int TIMEOUT_NOW = 12;

    private PeerMessageCodec() {}

    /**
     * A message as the pieces that make up its bytes, so that entries can be sent from where they are.
     *
     * @param head    what stands before the entries
     * @param entries whose frames follow one after another
     * @param length  bytes of the whole message
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
    public record Parts(byte[] head, List<LogEntry> entries, int length) {}

    /** The message as bytes, without a length before it. */
    public static byte[] encode(PeerEnvelope envelope) {
        Parts parts = encodeParts(envelope);
        if (parts.entries().isEmpty()) {
            return parts.head();
        }
        BytesOut out = new BytesOut(parts.length());
        out.raw(parts.head());
        for (LogEntry entry : parts.entries()) {
            out.raw(entry.array(), entry.offset(), entry.length());
        }
        return out.toBytes();
    }

    /** The message as pieces that, one after another, are what {@link #encode} gives; entries are not copied. */
    public static Parts encodeParts(PeerEnvelope envelope) {
        BytesOut out = new BytesOut(128);
        out.u8(VERSION);
        out.i32(0);
        out.u8(kind(envelope.message()));
        out.i64(envelope.cluster().high());
        out.i64(envelope.cluster().low());
        out.shortAscii(envelope.from().value());
        out.i64(envelope.incarnation());
        out.i64(envelope.term());
        List<LogEntry> entries = writeFields(out, envelope.message());
        out.setI32(CRC_AT, checksum(out.array(), CHECKED_FROM, out.size()));
        byte[] head = out.toBytes();
        return new Parts(head, entries, Math.toIntExact(head.length + LogEntry.totalLength(entries)));
    }

    /**
     * @param bytes one whole message; kept by the entries in it, so not to be written to afterwards
     * @throws MalformedMessageException where they are not such a message, or an entry in it is damaged
     */
    public static PeerEnvelope decode(byte[] bytes) {
        BytesIn in = new BytesIn(bytes, 0, bytes.length, MalformedMessageException::new);
        int version = in.u8();
        if (version != VERSION) {
            throw in.fail("unknown version " + version);
        }
        int crc = in.i32();
        int kind = in.u8();
        ClusterId cluster = new ClusterId(in.i64(), in.i64());
        NodeId from = nodeId(in);
        long incarnation = in.i64();
        long term = in.i64();
        return new PeerEnvelope(cluster, from, incarnation, term, readMessage(bytes, in, kind, crc));
    }

    private static int kind(PeerMessage message) {
        return switch (message) {
            case PeerMessage.Hello _ -> HELLO;
            case PeerMessage.HelloReply _ -> HELLO_REPLY;
            case PeerMessage.PreVote _ -> PRE_VOTE;
            case PeerMessage.RequestVote _ -> REQUEST_VOTE;
            case PeerMessage.Vote _ -> VOTE;
            case PeerMessage.AppendEntries _ -> APPEND_ENTRIES;
            case PeerMessage.AppendReply _ -> APPEND_REPLY;
            case PeerMessage.Heartbeat _ -> HEARTBEAT;
            case PeerMessage.HeartbeatReply _ -> HEARTBEAT_REPLY;
            case PeerMessage.ReadIndex _ -> READ_INDEX;
            case PeerMessage.ReadIndexReply _ -> READ_INDEX_REPLY;
            case PeerMessage.TimeoutNow _ -> TIMEOUT_NOW;
        };
    }

    /** Gives the entries that follow the head. */
    private static List<LogEntry> writeFields(BytesOut out, PeerMessage message) {
        switch (message) {
            case PeerMessage.Hello _, PeerMessage.TimeoutNow _ -> {}
            case PeerMessage.HelloReply reply -> out.i64(reply.lastIndex());
            case PeerMessage.PreVote ask -> {
                out.i64(ask.nextTerm());
                out.i64(ask.lastIndex());
                out.i64(ask.lastTerm());
                out.i64(ask.voterIncarnation());
            }
            case PeerMessage.RequestVote ask -> {
                out.i64(ask.lastIndex());
                out.i64(ask.lastTerm());
                out.i64(ask.voterIncarnation());
                out.u8(ask.transfer() ? 1 : 0);
            }
            case PeerMessage.Vote vote -> {
                out.u8(vote.preVote() ? 1 : 0);
                out.i64(vote.term());
                out.u8(vote.granted() ? 1 : 0);
            }
            case PeerMessage.AppendEntries append -> {
                out.i64(append.prevIndex());
                out.i64(append.prevTerm());
                out.i64(append.commitIndex());
                out.i64(append.replicatedIndex());
                out.i32(append.entries().size());
                return append.entries();
            }
            case PeerMessage.AppendReply reply -> {
                out.u8(reply.accepted() ? 1 : 0);
                out.i64(reply.prevIndex());
                out.i64(reply.durableIndex());
                out.i64(reply.conflictTerm());
                out.i64(reply.conflictIndex());
            }
            case PeerMessage.Heartbeat heartbeat -> {
                out.i64(heartbeat.commitIndex());
                out.i64(heartbeat.replicatedIndex());
                out.i64(heartbeat.round());
                writeNodes(out, heartbeat.suspected());
                writeNodes(out, heartbeat.unhealthy());
            }
            case PeerMessage.HeartbeatReply reply -> {
                out.i64(reply.round());
                out.i64(reply.lastIndex());
            }
            case PeerMessage.ReadIndex read -> out.i64(read.id());
            case PeerMessage.ReadIndexReply reply -> {
                out.i64(reply.id());
                out.u8(reply.confirmed() ? 1 : 0);
                out.i64(reply.index());
            }
        }
        return List.of();
    }

    private static PeerMessage readMessage(byte[] bytes, BytesIn in, int kind, int crc) {
        if (kind == APPEND_ENTRIES) {
            return readAppendEntries(bytes, in, crc);
        }
        PeerMessage message =
                switch (kind) {
                    case HELLO -> new PeerMessage.Hello();
                    case HELLO_REPLY -> new PeerMessage.HelloReply(in.i64());
                    case PRE_VOTE -> new PeerMessage.PreVote(in.i64(), in.i64(), in.i64(), in.i64());
                    case REQUEST_VOTE -> new PeerMessage.RequestVote(in.i64(), in.i64(), in.i64(), flag(in));
                    case VOTE -> new PeerMessage.Vote(flag(in), in.i64(), flag(in));
                    case APPEND_REPLY -> new PeerMessage.AppendReply(flag(in), in.i64(), in.i64(), in.i64(), in.i64());
                    case HEARTBEAT ->
                        new PeerMessage.Heartbeat(in.i64(), in.i64(), in.i64(), readNodes(in), readNodes(in));
                    case HEARTBEAT_REPLY -> new PeerMessage.HeartbeatReply(in.i64(), in.i64());
                    case READ_INDEX -> new PeerMessage.ReadIndex(in.i64());
                    case READ_INDEX_REPLY -> new PeerMessage.ReadIndexReply(in.i64(), flag(in), in.i64());
                    case TIMEOUT_NOW -> new PeerMessage.TimeoutNow();
                    default -> throw in.fail("unknown kind of message " + kind);
                };
        verify(bytes, in, crc);
        in.end();
        return message;
    }

    private static PeerMessage readAppendEntries(byte[] bytes, BytesIn in, int crc) {
        long prevIndex = in.i64();
        long prevTerm = in.i64();
        long commitIndex = in.i64();
        long replicatedIndex = in.i64();
        int count = in.count(LogEntry.HEADER_BYTES);
        verify(bytes, in, crc);
        List<LogEntry> entries = new ArrayList<>(count);
        long next = prevIndex + 1;
        for (int i = 0; i < count; i++) {
            LogEntry entry = readEntry(bytes, in);
            if (entry.firstIndex() != next) {
                throw in.fail("entry " + entry + " where index " + next + " is due");
            }
            next = entry.lastIndex() + 1;
            entries.add(entry);
        }
        in.end();
        return new PeerMessage.AppendEntries(prevIndex, prevTerm, entries, commitIndex, replicatedIndex);
    }

    private static LogEntry readEntry(byte[] bytes, BytesIn in) {
        try {
            LogEntry entry = LogEntry.read(bytes, in.position(), bytes.length);
            in.skip(entry.length());
            return entry;
        } catch (DamagedEntryException e) {
            throw in.fail("entry: " + e.getMessage());
        }
    }

    private static void writeNodes(BytesOut out, List<NodeId> nodes) {
        out.u8(nodes.size());
        nodes.forEach(node -> out.shortAscii(node.value()));
    }

    private static List<NodeId> readNodes(BytesIn in) {
        int count = in.u8();
        List<NodeId> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(nodeId(in));
        }
        return nodes;
    }

    private static NodeId nodeId(BytesIn in) {
        String value = in.shortAscii();
        try {
            return new NodeId(value);
        } catch (IllegalArgumentException e) {
            throw in.fail("sender: " + e.getMessage());
        }
    }

    private static boolean flag(BytesIn in) {
        int value = in.u8();
        if (value > 1) {
            throw in.fail("flag " + value);
        }
        return value == 1;
    }

    /** What was read so far is the whole head: it must have the checksum. */
    private static void verify(byte[] bytes, BytesIn in, int crc) {
        if (checksum(bytes, CHECKED_FROM, in.position()) != crc) {
            throw in.fail("checksum of the head does not match");
        }
    }

    private static int checksum(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
