package io.replog.core.protocol;

/** Between peer messages and bytes. Thread-safe: it has no state. */
public final class PeerMessageCodec {
    private PeerMessageCodec() {}

    /** The message as bytes, without a length before it. */
    public static byte[] encode(PeerEnvelope envelope) {
        throw new UnsupportedOperationException("encode " + envelope);
    }

    /**
     * @param bytes one whole message; kept by the entries in it, so not to be written to afterwards
     * @throws MalformedMessageException where they are not such a message, or an entry in it is damaged
     */
    public static PeerEnvelope decode(byte[] bytes) {
        throw new UnsupportedOperationException("decode " + bytes.length);
    }
}
