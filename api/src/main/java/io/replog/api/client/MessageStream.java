package io.replog.api.client;

import io.replog.api.ReplogMediaTypes;
import io.replog.api.message.Message;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Committed messages in the order of ids, live. Where a node fails it goes on at another one, with the next id: no message
 * is left out and none comes twice. {@link #next} is for one thread; {@link #close} may come from any.
 */
public final class MessageStream implements Closeable {
    private final NodeDirectory nodes;
    private final Duration patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Backoff backoff = new Backoff(ThreadLocalRandom.current());
    private long nextId;
    private int turn;
    private @Nullable NodeEndpoint endpoint;
    private @Nullable ServerEvents events;
    private volatile @Nullable HttpConnection connection;

    MessageStream(NodeDirectory nodes, long from, Duration patience) {
        this.nodes = nodes;
        this.nextId = from;
        this.patience = patience;
    }

    /**
     * Waits for the next message.
     *
     * @return null once the stream is closed
     * @throws UnreachableException where no node serves the stream for longer than the client's timeout
     * @throws RefusedException     where a node refuses it for good
     */
    public @Nullable Message next() {
        Deadline deadline = Deadline.after(patience);
        Map<String, String> failures = new LinkedHashMap<>();
        while (closed.getCount() > 0) {
            try {
                ServerEvents open = events;
                if (open == null) {
                    open = connect(deadline);
                    events = open;
                    deadline = Deadline.after(patience);
                    backoff.reset();
                }
                Message message = open.next(Message.class);
                if (message == null) {
                    throw new IOException("the node closed the stream");
                }
                if (message.id() >= nextId) {
                    if (message.id() > nextId) {
                        throw new IOException("it left out message " + nextId);
                    }
                    nextId++;
                    return message;
                }
            } catch (IOException e) {
                NodeEndpoint failed = endpoint;
                if (failed != null) {
                    failures.put(failed.address().toString(), String.valueOf(e.getMessage()));
                }
                if (events != null) {
                    deadline = Deadline.after(patience);
                }
                disconnect();
                if (closed.getCount() > 0 && deadline.passed()) {
                    throw new UnreachableException("no node serves the stream: " + failures, e);
                }
                turn++;
                pause();
            }
        }
        return null;
    }

    /** Id of the node that serves the stream now, or its URL; null where none does. */
    public @Nullable String servedBy() {
        NodeEndpoint serving = endpoint;
        return serving == null ? null : serving.label();
    }

    private ServerEvents connect(Deadline deadline) throws IOException {
        nodes.discover(deadline);
        List<NodeEndpoint> order = nodes.inOrder(ReplogOperations.Route.GIVEN);
        NodeEndpoint next = order.get(turn % order.size());
        endpoint = next;
        HttpConnection opened = next.connect(NodeEndpoint.CONNECT_TIMEOUT_MILLIS);
        connection = opened;
        if (closed.getCount() == 0) {
            opened.close();
        }
        HttpCall call =
                HttpCall.get(Target.of("/messages").with("from", nextId).toString(), ReplogMediaTypes.EVENT_STREAM);
        opened.send(nextId > 1 ? call.withHeader("Last-Event-ID", Long.toString(nextId - 1)) : call);
        // Silence is normal where nothing is posted; a node that hangs is found out by asking for its health.
        Patience silence = new Watch(next, null, Deadline.after(Duration.ofDays(3650)));
        HttpHead head = opened.readHead(silence);
        nodes.learn(next, head);
        if (!head.isSuccess()) {
            Problem answer =
                    new Problem(new HttpReply(head, opened.body(head, silence).readAllBytes()));
            answer.throwIfFinal();
            throw new IOException(answer.describe());
        }
        return new ServerEvents(opened.body(head, silence));
    }

    private void disconnect() {
        HttpConnection open = connection;
        if (open != null) {
            open.close();
        }
        connection = null;
        events = null;
    }

    private void pause() {
        try {
            boolean ended = closed.await(backoff.nextMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                disconnect();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        HttpConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    /** An answer that is no stream. */
    private record Problem(HttpReply reply) {
        void throwIfFinal() {
            int status = reply.status();
            if (status >= 400 && status < 500 && status != 421 && status != 429) {
                throw new RefusedException(Problems.read(reply));
            }
        }

        String describe() {
            return Problems.describe(Problems.read(reply));
        }
    }
}
