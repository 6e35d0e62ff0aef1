package io.replog.core.log;

import io.replog.core.bytes.BytesIn;

/**
 * Goes through the texts of an entry where they stand in its frame, so that lists are written without a copy per message.
 * Stands before the first one at the beginning. Not thread-safe.
 */
public final class MessageCursor {
    private final LogEntry entry;
    private final BytesIn in;
    private int read;
    private int offset;
    private int length;

    MessageCursor(LogEntry entry, BytesIn in) {
        this.entry = entry;
        this.in = in;
    }

    /**
     * Moves to the next message; false where there is none.
     *
     * @throws DamagedEntryException where the texts are not what the frame says
     */
    public boolean next() {
        if (read == entry.count()) {
            in.end();
            return false;
        }
        length = in.i32();
        offset = in.skip(length);
        read++;
        return true;
    }

    /** Id of the message. */
    public long id() {
        return entry.firstId() + read - 1;
    }

    /** Index of the message. */
    public long index() {
        return entry.firstIndex() + read - 1;
    }

    /** The array that holds the text's UTF-8. Not to be written to. */
    public byte[] array() {
        return entry.array();
    }

    /** Where in {@link #array()} the text begins. */
    public int offset() {
        return offset;
    }

    /** Bytes of the text. */
    public int length() {
        return length;
    }
}
