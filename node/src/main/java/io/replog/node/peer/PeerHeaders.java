package io.replog.node.peer;

/** Names in the HTTP request that opens a stream. */
final class PeerHeaders {
    static final String PATH = "/peer/stream";
    /** The protocol that the stream is upgraded to; the number grows with a change that old nodes do not understand. */
    static final String PROTOCOL = "replog-peer/1";

    static final String NODE = "Replog-Node";
    /** Where whoever opens the stream is reached: it may be a member of whom the receiver has not heard. */
    static final String URL = "Replog-Node-Url";

    static final String SECRET = "Replog-Cluster-Secret";

    private PeerHeaders() {}
}
