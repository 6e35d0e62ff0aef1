package io.replog.core.log;

/** Between requests, payloads and framed entries. Thread-safe: it has no state. */
public final class EntryCodec {
    private EntryCodec() {}

    /**
     * @param payload {@link Payload.Messages} or {@link Payload.Command}
     */
    public static EncodedRequest encode(RequestKey key, Payload payload) {
        throw new UnsupportedOperationException("encode " + key + payload);
    }

    /** The entry that {@code request} becomes at the place that {@code header} gives. */
    public static LogEntry frame(EntryHeader header, EncodedRequest request) {
        throw new UnsupportedOperationException("frame " + header + request);
    }

    /** A no-op or membership entry. */
    public static LogEntry frameControl(EntryHeader header, Payload payload) {
        throw new UnsupportedOperationException("frame " + header + payload);
    }

    /** The same entry without request key and payload, as a witness stores it. */
    public static LogEntry omitPayload(LogEntry entry) {
        throw new UnsupportedOperationException("omit " + entry);
    }

    /** {@link RequestKey#NONE} for control entries and those of a witness. */
    public static RequestKey requestKey(LogEntry entry) {
        throw new UnsupportedOperationException("key of " + entry);
    }

    /** @throws DamagedEntryException where the payload is not what the type says, although the checksum is right */
    public static Payload payload(LogEntry entry) {
        throw new UnsupportedOperationException("payload of " + entry);
    }
}
