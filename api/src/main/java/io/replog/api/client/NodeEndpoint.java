package io.replog.api.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** A node and the idle connections to it. Thread-safe. */
final class NodeEndpoint implements Closeable {
    static final int CONNECT_TIMEOUT_MILLIS = 1_000;

    /** Idle connections that are kept; more are closed. */
    private static final int MOST_IDLE = 256;

    /** After this time a connection is not used again, in nanoseconds: the node may be about to close it. */
    private static final long LONGEST_IDLE = 10_000_000_000L;

    /** For so long a node that did not answer is tried after the others, in nanoseconds. */
    private static final long FAILURE_MEMORY = 3_000_000_000L;

    private final NodeAddress address;
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();
    private volatile @Nullable String id;
    private volatile boolean closed;
    private volatile long failedAt = System.nanoTime() - FAILURE_MEMORY;

    NodeEndpoint(NodeAddress address) {
        this.address = address;
    }

    NodeAddress address() {
        return address;
    }

    /** The node's id, null until an answer has told it. */
    @Nullable String id() {
        return id;
    }

    void learnId(String nodeId) {
        id = nodeId;
    }

    /** Notes that the node did not answer. */
    void failed() {
        failedAt = System.nanoTime();
    }

    boolean failedLately() {
        return System.nanoTime() - failedAt < FAILURE_MEMORY;
    }

    /** The node's id where known, else its URL. */
    String label() {
        String known = id;
        return known == null ? address.toString() : known;
    }

    /**
     * Sends the call and reads the answer. A read is sent once more where a kept connection turns out to have been closed
     * by the node; a write is not, for the caller has to know that it may have come through.
     *
     * @throws NotSentException where the node certainly did not get the call
     * @throws IOException      where it may have got it
     */
    HttpReply exchange(HttpCall call, Patience patience, int connectTimeoutMillis) throws IOException {
        HttpConnection connection = call.repeatable() ? takeIdle() : null;
        if (connection != null) {
            try {
                return exchange(connection, call, patience);
            } catch (IOException e) {
                boolean stale = !connection.isAnswering() && !(e instanceof SocketTimeoutException);
                if (!stale || !call.method().equals("GET")) {
                    throw e;
                }
            }
        }
        return exchange(connect(connectTimeoutMillis), call, patience);
    }

    /** A new connection, which is the caller's to close. */
    HttpConnection connect(int connectTimeoutMillis) throws NotSentException {
        if (closed) {
            throw new NotSentException("the client is closed", null);
        }
        try {
            return HttpConnection.open(address, Math.max(1, connectTimeoutMillis));
        } catch (SocketTimeoutException e) {
            throw new NotSentException("no connection in time", e);
        } catch (IOException e) {
            String reason = e.getMessage();
            throw new NotSentException(reason == null ? e.toString() : reason.toLowerCase(Locale.ROOT), e);
        }
    }

    private HttpReply exchange(HttpConnection connection, HttpCall call, Patience patience) throws IOException {
        boolean keep = false;
        try {
            connection.send(call);
            HttpHead head = connection.readHead(patience);
            byte[] body = connection.body(head, patience).readAllBytes();
            keep = connection.isReusable();
            return new HttpReply(head, body);
        } finally {
            if (keep && !closed && idle.size() < MOST_IDLE) {
                idle.addFirst(new Idle(connection, System.nanoTime()));
            } else {
                connection.close();
            }
        }
    }

    private @Nullable HttpConnection takeIdle() {
        for (Idle candidate = idle.pollFirst(); candidate != null; candidate = idle.pollFirst()) {
            if (System.nanoTime() - candidate.since() < LONGEST_IDLE) {
                return candidate.connection();
            }
            candidate.connection().close();
        }
        return null;
    }

    @Override
    public void close() {
        closed = true;
        for (Idle candidate = idle.poll(); candidate != null; candidate = idle.poll()) {
            candidate.connection().close();
        }
    }

    private record Idle(HttpConnection connection, long since) {}

    /** The node certainly did not get the call. */
    static final class NotSentException extends IOException {
        private static final long serialVersionUID = 1L;

        NotSentException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
