package io.replog.api.client;

import io.replog.api.ReplogHeaders;
import io.replog.api.ReplogMediaTypes;
import io.replog.api.cluster.ClusterEvent;
import io.replog.api.fault.Faults;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A client of one node: each call is sent once and not followed anywhere. For tests and tools that want to know what this
 * very node says; applications want {@link ReplogClient}. Thread-safe.
 */
public final class NodeClient extends ReplogOperations {
    private static final Duration GRACE = Duration.ofMillis(500);

    private final NodeEndpoint endpoint;
    private final Duration timeout;

    private NodeClient(NodeEndpoint endpoint, Duration timeout) {
        this.endpoint = endpoint;
        this.timeout = timeout;
    }

    /**
     * @param url     {@code http://host:port}
     * @param timeout how long to wait for an answer
     * @throws IllegalArgumentException where the URL is not understood
     */
    public static NodeClient of(String url, Duration timeout) {
        return of(NodeAddress.parse(url), timeout);
    }

    static NodeClient of(NodeAddress address, Duration timeout) {
        return new NodeClient(new NodeEndpoint(address), timeout);
    }

    /** The node's base URL. */
    public String url() {
        return endpoint.address().toString();
    }

    /**
     * Hands over what the node reports of roles, views and members: first what it remembers since its start, then live.
     * Returns when the node ends.
     *
     * @throws UnreachableException where the connection breaks, or the timeout of this client is over
     */
    public void forEachEvent(Consumer<ClusterEvent> consumer) {
        stream(HttpCall.get("/cluster/events", ReplogMediaTypes.EVENT_STREAM), Route.GIVEN, body -> {
            ServerEvents events = new ServerEvents(body);
            for (ClusterEvent event = events.next(ClusterEvent.class);
                    event != null;
                    event = events.next(ClusterEvent.class)) {
                consumer.accept(event);
            }
        });
    }

    /** What the node is told to do wrong; refused with 404 where it injects no faults. */
    public Faults faults() {
        return require(Calls.json(Target.of("/faults")), Route.GIVEN, Faults.class);
    }

    /** Replaces what the node is told to do wrong. */
    public void setFaults(Faults faults) {
        demand(Calls.faults(faults), Route.GIVEN);
    }

    /** Ends all faults. */
    public void heal() {
        demand(Calls.heal(), Route.GIVEN);
    }

    @Override
    <T> WriteOutcome<T> write(HttpCall call, WriteOptions options, Class<T> type) {
        RequestKey key = options.keyOrFresh();
        Duration limit = options.timeoutOr(timeout);
        try {
            HttpCall attempt = Calls.attempt(call, key, limit.toMillis()).once();
            HttpReply reply = exchange(attempt, limit.plus(GRACE));
            if (reply.head().isSuccess()) {
                boolean replayed = "true".equals(reply.header(ReplogHeaders.IDEMPOTENT_REPLAYED));
                T value = Json.read(reply.body(), type);
                return new WriteOutcome.Acknowledged<>(value, replayed, reply.header(ReplogHeaders.NODE), key, 1);
            }
            Problem problem = Problems.read(reply);
            return WriteStatus.of(reply.status()) == WriteStatus.MAYBE_STORED
                    ? new WriteOutcome.Unknown<>(problem, key, 1)
                    : new WriteOutcome.NotStored<>(problem, key, 1);
        } catch (NodeEndpoint.NotSentException e) {
            return new WriteOutcome.NotStored<>(
                    Problems.noAnswer("Not reached", describe(e), ProblemOutcome.NOT_STORED), key, 1);
        } catch (IOException e) {
            return new WriteOutcome.Unknown<>(
                    Problems.noAnswer("No answer", describe(e), ProblemOutcome.UNKNOWN), key, 1);
        }
    }

    @Override
    HttpReply ask(HttpCall call, Route route) {
        try {
            HttpReply reply = exchange(call, timeout);
            if (!reply.head().isSuccess() && reply.status() != 404) {
                throw new RefusedException(Problems.read(reply));
            }
            return reply;
        } catch (IOException e) {
            throw new UnreachableException(describe(e), e);
        }
    }

    @Override
    void stream(HttpCall call, Route route, BodyConsumer consumer) {
        Patience patience = Patience.until(Deadline.after(timeout));
        try (HttpConnection connection = endpoint.connect(connectTimeout())) {
            connection.send(call);
            HttpHead head = connection.readHead(patience);
            if (!head.isSuccess()) {
                byte[] body = connection.body(head, patience).readAllBytes();
                throw new RefusedException(Problems.read(new HttpReply(head, body)));
            }
            consumer.accept(connection.body(head, patience));
        } catch (IOException e) {
            throw new UnreachableException(describe(e), e);
        }
    }

    private HttpReply exchange(HttpCall call, Duration limit) throws IOException {
        return endpoint.exchange(call, Patience.until(Deadline.after(limit)), connectTimeout());
    }

    private int connectTimeout() {
        return Math.clamp(timeout.toMillis(), 1, NodeEndpoint.CONNECT_TIMEOUT_MILLIS);
    }

    private String describe(IOException e) {
        return endpoint.address() + ": " + e.getMessage();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
