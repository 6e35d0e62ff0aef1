package io.replog.core.log;

/**
 * A write on its way to the log: everything of the entry that does not depend on its place, already in bytes, so that
 * the thread that read the request encodes it and the replica only puts the header before it.
 *
 * @param type  {@link EntryType#MESSAGES} or {@link EntryType#COMMAND}
 * @param count indexes that the entry will take: the number of messages, or 1
 * @param key   what makes a repeat recognisable
 * @param body  request key and payload as they stand in the frame; not changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
public record EncodedRequest(EntryType type, int count, RequestKey key, byte[] body) {
    /** Bytes that the entry will take in the log. */
    public int frameBytes() {
        return LogEntry.HEADER_BYTES + body.length;
    }
}
