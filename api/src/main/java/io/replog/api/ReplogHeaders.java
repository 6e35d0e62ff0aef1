package io.replog.api;

/** Names of the HTTP headers that are replog's own, or that its contract gives a meaning. */
public final class ReplogHeaders {
    /** On every response: id of the node that answers. */
    public static final String NODE = "Replog-Node";

    /** On every response: id of the leader that the answering node knows; absent where it knows none. */
    public static final String LEADER = "Replog-Leader";

    /** On every response: the newest term that the answering node has seen. */
    public static final String TERM = "Replog-Term";

    /** On the answer of {@code /echo}: the answering node's time, ISO-8601. */
    public static final String TIME = "Replog-Time";

    /** On a request between nodes: id of the node that forwards it. Such a request is never forwarded again. */
    public static final String FORWARDED_BY = "Replog-Forwarded-By";

    /** On a request between nodes: milliseconds that the caller's deadline leaves. */
    public static final String DEADLINE = "Replog-Deadline";

    /** {@code true} on the answer to a forwarded request that was not worked on, because the node does not lead. */
    public static final String NOT_LEADER = "Replog-Not-Leader";

    /** 1–255 visible characters that make repeats of a write recognisable. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** {@code true} on the answer to a repeat of a write. */
    public static final String IDEMPOTENT_REPLAYED = "Idempotent-Replayed";

    /** 1–64 visible characters that name a client; together with {@link #CLIENT_SEQ}. */
    public static final String CLIENT_ID = "Client-Id";

    /** Sequence number of a client's write: 1, 2, 3 …; together with {@link #CLIENT_ID}. */
    public static final String CLIENT_SEQ = "Client-Seq";

    private ReplogHeaders() {}
}
