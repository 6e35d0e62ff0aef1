package io.replog.node.web.message;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.MessageCursor;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.json.JsonBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Committed messages as server-sent events, encoded once for all who follow: the newest pieces are kept, and those who are
 * up to date take them from here. Thread-safe.
 */
final class EventTail {
    private static final int PIECE_BYTES = 32 * 1024;
    private static final int PIECES = 8;

    /**
     * The events of neighbouring messages.
     *
     * @param ends where each message's event ends in {@code bytes}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(long firstId, byte[] bytes, int[] ends) {
        long nextId() {
            return firstId + ends.length;
        }

        boolean holds(long id) {
            return firstId <= id && id < nextId();
        }

        Events from(long id) {
            int offset = id == firstId ? 0 : ends[(int) (id - firstId) - 1];
            return new Events(bytes, offset, bytes.length - offset, nextId());
        }
    }

    /**
     * A part of an array that holds events; not to be written to.
     *
     * @param nextId id of the message behind them
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Events(byte[] bytes, int offset, int length, long nextId) {}

    private final ReplicatedLog log;
    /** Neighbours, in order; replaced as a whole. */
    private volatile Piece[] newest = {};

    EventTail(ReplicatedLog log) {
        this.log = log;
    }

    /**
     * The events of message {@code from} and of some that follow it.
     *
     * @param to the last message that may be read; both are committed and durable here
     */
    Events read(long from, long to) {
        Piece[] pieces = newest;
        Piece found = find(pieces, from);
        if (found != null) {
            return found.from(from);
        }
        if (pieces.length > 0 && from < pieces[0].firstId()) {
            return encode(from, to).from(from);
        }
        return readNew(from, to);
    }

    /** One encodes, the others who came for the same events wait and find them. */
    private synchronized Events readNew(long from, long to) {
        Piece[] pieces = newest;
        Piece found = find(pieces, from);
        if (found != null) {
            return found.from(from);
        }
        Piece piece = encode(from, to);
        if (pieces.length == 0 || pieces[pieces.length - 1].nextId() < from) {
            newest = new Piece[] {piece};
        } else if (pieces[pieces.length - 1].nextId() == from) {
            int kept = Math.min(pieces.length, PIECES - 1);
            Piece[] longer = Arrays.copyOfRange(pieces, pieces.length - kept, pieces.length + 1);
            longer[kept] = piece;
            newest = longer;
        }
        return piece.from(from);
    }

    private static @Nullable Piece find(Piece[] pieces, long id) {
        for (int i = pieces.length - 1; i >= 0; i--) {
            if (pieces[i].holds(id)) {
                return pieces[i];
            }
        }
        return null;
    }

    private Piece encode(long from, long to) {
        JsonBuffer out = new JsonBuffer(512);
        int[] ends = new int[16];
        int count = 0;
        long index = log.log().entryOfMessage(from).orElseThrow().firstIndex();
        while (from + count <= to && out.length() < PIECE_BYTES) {
            List<LogEntry> entries = log.log().read(index, PIECE_BYTES);
            if (entries.isEmpty()) {
                throw new IllegalStateException("the log has no entry at " + index + ", although it is committed");
            }
            for (LogEntry entry : entries) {
                if (entry.type() != EntryType.MESSAGES || entry.isOmitted()) {
                    continue;
                }
                MessageCursor messages = EntryCodec.messages(entry);
                while (messages.next() && out.length() < PIECE_BYTES) {
                    if (messages.id() == from + count && messages.id() <= to) {
                        MessageFormat.EVENT.write(out, messages, false);
                        if (count == ends.length) {
                            ends = Arrays.copyOf(ends, 2 * count);
                        }
                        ends[count++] = out.length();
                    }
                }
            }
            index = entries.getLast().lastIndex() + 1;
        }
        return new Piece(from, out.toBytes(), Arrays.copyOf(ends, count));
    }
}
