package io.replog.storage;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Walks forward over the records of one segment file and reads ahead. Frames are sliced out of the buffer without copying,
 * so each filling takes a new buffer. Not thread-safe.
 */
final class FrameReader {
    private final Segment segment;
    private final int readAhead;
    private long end;
    private byte[] buffer = new byte[0];
    /** Position in the file of the buffer's first byte, and how many bytes of it are filled. */
    private long bufferPosition;

    private int filled;
    private long position;
    private long next;

    /**
     * @param position of a record
     * @param end      records end here
     */
    FrameReader(Segment segment, long position, long end, int readAhead) {
        this.segment = segment;
        this.end = end;
        this.readAhead = readAhead;
        this.next = position;
    }

    /**
     * Goes to the next frame. Its header may be asked for then; it is unchecked but for its length.
     *
     * @return false at the end
     * @throws DamagedEntryException where neither a frame nor a marker stands at {@link #position()}
     */
    boolean advance() throws IOException {
        while (true) {
            position = next;
            if (position >= end) {
                return false;
            }
            require(Math.min(LogEntry.HEADER_BYTES, end - position));
            if (end - position >= SyncMarker.BYTES && segment.marker().read(buffer, offset(), position) >= 0) {
                next = position + SyncMarker.BYTES;
                continue;
            }
            if (end - position < LogEntry.HEADER_BYTES) {
                throw new DamagedEntryException("only " + (end - position) + " bytes are left");
            }
            long length = Frames.length(buffer, offset());
            if (length < LogEntry.HEADER_BYTES || length > end - position) {
                throw new DamagedEntryException("frame length " + length + " is out of bounds");
            }
            next = position + length;
            return true;
        }
    }

    /** More was appended: records end at {@code newEnd} now. */
    void extendTo(long newEnd) {
        end = newEnd;
    }

    /** Where the frame, or what should be one, begins. */
    long position() {
        return position;
    }

    /** Where the record behind the frame begins. */
    long nextPosition() {
        return next;
    }

    long firstIndex() {
        return Frames.firstIndex(buffer, offset());
    }

    long lastIndex() {
        return Frames.lastIndex(buffer, offset());
    }

    long term() {
        return Frames.term(buffer, offset());
    }

    long lastId() {
        return Frames.lastId(buffer, offset());
    }

    int crc() {
        return Frames.crc(buffer, offset());
    }

    /** The frame as an entry, checked against its checksum. */
    LogEntry entry() throws IOException {
        require(next - position);
        return LogEntry.read(buffer, offset(), offset() + (int) (next - position));
    }

    private int offset() {
        return (int) (position - bufferPosition);
    }

    private void require(long bytes) throws IOException {
        if (position >= bufferPosition && position + bytes <= bufferPosition + filled) {
            return;
        }
        int wanted = Math.toIntExact(Math.min(end - position, Math.max(bytes, readAhead)));
        buffer = new byte[wanted];
        bufferPosition = position;
        filled = segment.file().read(ByteBuffer.wrap(buffer), position);
        if (filled < bytes) {
            throw new DamagedEntryException("the file ends within a frame");
        }
    }
}
