package io.replog.node.web.http;

/**
 * Hash of a request's kind and content, by which a repeat is told from another request under the same key: FNV-1a with 64
 * bits. It stands in the log, so it never changes. Not thread-safe.
 */
public final class Fingerprint {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long hash = OFFSET_BASIS;

    /** @param kind what the request does, such as {@code "message"} */
    public Fingerprint(String kind) {
        for (int i = 0; i < kind.length(); i++) {
            add((byte) kind.charAt(i));
        }
        add((byte) 0);
    }

    /** Adds a text; where it ends counts too. */
    public Fingerprint add(byte[] text) {
        for (byte b : text) {
            add(b);
        }
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            add((byte) (text.length >>> shift));
        }
        return this;
    }

    public long value() {
        return hash;
    }

    private void add(byte b) {
        hash = (hash ^ (b & 0xff)) * PRIME;
    }
}
