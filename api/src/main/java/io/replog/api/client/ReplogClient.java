package io.replog.api.client;

import io.replog.api.ReplogHeaders;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client of the cluster. It finds the leader by itself, follows it through failovers, and retries until its timeout.
 * Every write carries a {@link RequestKey}, so it takes effect once however often it was sent. Thread-safe; blocking, best
 * called from virtual threads.
 *
 * <pre>{@code
 * try (ReplogClient client = ReplogClient.of("http://127.0.0.1:5000", "http://127.0.0.1:5001")) {
 *     switch (client.post("hello")) {
 *         case Acknowledged<Appended> done -> System.out.println("message " + done.value().id());
 *         case NotStored<Appended> refused -> System.out.println("not stored: " + refused.problem().detail());
 *         case Unknown<Appended> unknown -> System.out.println("safe to send again with " + unknown.key());
 *     }
 * }
 * }</pre>
 */
public final class ReplogClient extends ReplogOperations {
    /** How long a call is tried where nothing else is said. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** A node that was given a deadline answers when it has passed; so much longer the client waits for that. */
    private static final Duration GRACE = Duration.ofMillis(750);

    private final NodeDirectory nodes;
    private final Duration timeout;
    private final CountDownLatch closed = new CountDownLatch(1);

    private ReplogClient(NodeDirectory nodes, Duration timeout) {
        this.nodes = nodes;
        this.timeout = timeout;
    }

    /**
     * A client with the default timeout.
     *
     * @param urls one or more nodes, as {@code http://host:port}; the others are found through them
     * @throws IllegalArgumentException where a URL is not understood
     */
    public static ReplogClient of(String... urls) {
        return of(List.of(urls), DEFAULT_TIMEOUT);
    }

    /**
     * @param urls    one or more nodes, as {@code http://host:port}; the others are found through them
     * @param timeout how long a call is tried
     * @throws IllegalArgumentException where a URL is not understood, or none is given
     */
    public static ReplogClient of(Collection<String> urls, Duration timeout) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("at least one node's URL is needed");
        }
        return new ReplogClient(
                new NodeDirectory(urls.stream().map(NodeAddress::parse).toList()), timeout);
    }

    /**
     * Follows the log live from a message on, through failovers, with neither a gap nor a repeat.
     *
     * @param from first id, from 1
     */
    public MessageStream follow(long from) {
        return new MessageStream(nodes, from, timeout);
    }

    /** Follows the log live from the next message that is committed. */
    public MessageStream followLatest() {
        long last = messages(ReadOptions.DEFAULT.withRead("committed").withLimit(1L))
                .lastId();
        return follow(last + 1);
    }

    @Override
    <T> WriteOutcome<T> write(HttpCall call, WriteOptions options, Class<T> type) {
        Deadline deadline = Deadline.after(options.timeoutOr(timeout));
        return new WriteLoop<>(call, options.keyOrFresh(), deadline, type).run();
    }

    @Override
    HttpReply ask(HttpCall call, Route route) {
        Rounds rounds = new Rounds(route, Deadline.after(timeout));
        for (NodeEndpoint endpoint = rounds.next(); endpoint != null; endpoint = rounds.next()) {
            try {
                Watch watch = new Watch(endpoint, nodes.leaderId(), rounds.deadline);
                HttpReply reply = endpoint.exchange(call, watch, rounds.connectTimeout());
                nodes.learn(endpoint, reply.head());
                if (reply.head().isSuccess() || reply.status() == 404) {
                    return reply;
                }
                rounds.refuse(endpoint, reply, call.repeatable());
            } catch (NodeEndpoint.NotSentException e) {
                rounds.fail(endpoint, e);
            } catch (IOException e) {
                rounds.fail(endpoint, e);
                if (!call.repeatable()) {
                    throw new UnreachableException("unknown outcome: " + rounds.failures(), e);
                }
            }
        }
        throw rounds.givenUp();
    }

    @Override
    void stream(HttpCall call, Route route, BodyConsumer consumer) {
        Rounds rounds = new Rounds(route, Deadline.after(timeout));
        for (NodeEndpoint endpoint = rounds.next(); endpoint != null; endpoint = rounds.next()) {
            boolean begun = false;
            try (HttpConnection connection = endpoint.connect(rounds.connectTimeout())) {
                Watch watch = new Watch(endpoint, nodes.leaderId(), rounds.deadline);
                connection.send(call);
                HttpHead head = connection.readHead(watch);
                nodes.learn(endpoint, head);
                if (head.isSuccess()) {
                    begun = true;
                    // A long list may take longer than the timeout; it is given up where nothing comes any more.
                    Watch patient = new Watch(endpoint, null, Deadline.after(Duration.ofDays(1)));
                    consumer.accept(connection.body(head, patient));
                    return;
                }
                byte[] body = connection.body(head, watch).readAllBytes();
                rounds.refuse(endpoint, new HttpReply(head, body), true);
            } catch (IOException e) {
                rounds.fail(endpoint, e);
                if (begun) {
                    throw new UnreachableException("the list broke off: " + rounds.failures(), e);
                }
            }
        }
        throw rounds.givenUp();
    }

    /** Where the leader is, as the nodes tell now; null where they know none. */
    public @Nullable String leaderUrl() {
        Deadline deadline = Deadline.after(timeout);
        for (NodeEndpoint endpoint : nodes.inOrder(Route.GIVEN)) {
            String leader = nodes.refresh(endpoint, deadline) ? nodes.leaderId() : null;
            NodeEndpoint found = leader == null ? null : nodes.byId(leader);
            if (found != null) {
                return found.address().toString();
            }
        }
        return null;
    }

    /** A client of one of the nodes, by its id; null where no node of that id is known. */
    public @Nullable NodeClient node(String id) {
        return node(id, timeout);
    }

    /** A client of one of the nodes, by its id; null where no node of that id is known. */
    public @Nullable NodeClient node(String id, Duration nodeTimeout) {
        nodes.discover(Deadline.after(timeout));
        NodeEndpoint endpoint = nodes.byId(id);
        return endpoint == null ? null : NodeClient.of(endpoint.address(), nodeTimeout);
    }

    @Override
    public void close() {
        closed.countDown();
        nodes.close();
    }

    /** Which node to try next, until the deadline; waits between rounds. Not thread-safe. */
    private final class Rounds {
        private static final long CUT_SHORT_MILLIS = 5;

        private final Route route;
        private final Deadline deadline;
        private final Backoff backoff = new Backoff(ThreadLocalRandom.current());
        private final Set<NodeEndpoint> tried = new HashSet<>();
        private final Map<String, String> failures = new LinkedHashMap<>();
        private @Nullable Problem refusal;
        private long pauseMillis;

        Rounds(Route route, Deadline deadline) {
            this.route = route;
            this.deadline = deadline;
        }

        /** The next node, null where the time is over. */
        @Nullable NodeEndpoint next() {
            nodes.discover(deadline);
            while (!deadline.passed()) {
                for (NodeEndpoint endpoint : nodes.inOrder(route)) {
                    if (tried.add(endpoint)) {
                        return endpoint;
                    }
                }
                tried.clear();
                if (!pause()) {
                    return null;
                }
            }
            return null;
        }

        private boolean pause() {
            long millis = Math.max(backoff.nextMillis(), pauseMillis);
            pauseMillis = 0;
            try {
                boolean ended = closed.await(Math.min(millis, deadline.remainingMillis()), TimeUnit.MILLISECONDS);
                if (!ended) {
                    nodes.refreshAny(failures.keySet(), deadline);
                }
                return !ended;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        int connectTimeout() {
            return Math.clamp(deadline.remainingMillis(), 1, NodeEndpoint.CONNECT_TIMEOUT_MILLIS);
        }

        void fail(NodeEndpoint endpoint, IOException e) {
            nodes.suspect(endpoint);
            // What the deadline cut short tells less than what went wrong before. Sockets may give up a little early.
            boolean cutShort = deadline.remainingMillis() <= CUT_SHORT_MILLIS;
            failures.merge(
                    endpoint.address().toString(),
                    String.valueOf(e.getMessage()),
                    (before, now) -> cutShort ? before : now);
        }

        /** The node answered, but it is worth trying again; throws where it is not. */
        void refuse(NodeEndpoint endpoint, HttpReply reply, boolean repeatable) {
            Problem problem = Problems.read(reply);
            failures.remove(endpoint.address().toString());
            refusal = problem;
            boolean elsewhere = reply.status() == 421 || reply.status() == 503 || reply.status() == 429;
            boolean again = elsewhere || (repeatable && reply.status() == 500);
            if (!again) {
                throw new RefusedException(problem);
            }
            postpone(reply);
        }

        /** A node that is overloaded says for how long to leave it alone. */
        void postpone(HttpReply reply) {
            String after = reply.header("Retry-After");
            if (reply.status() == 429 && after != null && after.matches("[0-9]{1,3}")) {
                pauseMillis = Math.max(pauseMillis, Long.parseLong(after) * 1_000);
            }
        }

        /** What each node that was tried, or was given, did wrong. */
        String failures() {
            Map<String, String> all = new LinkedHashMap<>();
            nodes.given().forEach(endpoint -> all.put(endpoint.address().toString(), "no answer in time"));
            all.putAll(failures);
            return all.entrySet().stream()
                    .map(failure -> failure.getKey() + " (" + failure.getValue() + ")")
                    .collect(Collectors.joining(", "));
        }

        ReplogException givenUp() {
            if (refusal != null) {
                return new RefusedException(refusal);
            }
            return new UnreachableException("no node answers: " + failures(), null);
        }
    }

    /** One write, sent until its outcome is known. Not thread-safe. */
    private final class WriteLoop<T> {
        private final HttpCall call;
        private final RequestKey key;
        private final Rounds rounds;
        private final Class<T> type;
        private int attempts;
        private boolean maybeStored;
        private @Nullable Problem lastUnknown;
        private @Nullable Problem lastRefusal;

        WriteLoop(HttpCall call, RequestKey key, Deadline deadline, Class<T> type) {
            this.call = call;
            this.key = key;
            this.rounds = new Rounds(Route.LEADER, deadline);
            this.type = type;
        }

        WriteOutcome<T> run() {
            for (NodeEndpoint endpoint = rounds.next(); endpoint != null; endpoint = rounds.next()) {
                long left = rounds.deadline.remainingMillis();
                Watch watch = new Watch(endpoint, nodes.leaderId(), Deadline.after(GRACE.plusMillis(left)));
                try {
                    HttpReply reply = endpoint.exchange(Calls.attempt(call, key, left), watch, rounds.connectTimeout());
                    attempts++;
                    nodes.learn(endpoint, reply.head());
                    WriteOutcome<T> outcome = judge(endpoint, reply);
                    if (outcome != null) {
                        return outcome;
                    }
                } catch (NodeEndpoint.NotSentException e) {
                    rounds.fail(endpoint, e);
                } catch (IOException e) {
                    attempts++;
                    maybeStored = true;
                    rounds.fail(endpoint, e);
                }
            }
            return givenUp();
        }

        /** The outcome, null where the write is to be sent again. */
        private @Nullable WriteOutcome<T> judge(NodeEndpoint endpoint, HttpReply reply) throws IOException {
            WriteStatus status = WriteStatus.of(reply.status());
            if (status == WriteStatus.DONE) {
                boolean replayed = "true".equals(reply.header(ReplogHeaders.IDEMPOTENT_REPLAYED));
                T value = Json.read(reply.body(), type);
                return new WriteOutcome.Acknowledged<>(
                        value, replayed, reply.header(ReplogHeaders.NODE), key, attempts);
            }
            Problem problem = Problems.read(reply);
            rounds.failures.remove(endpoint.address().toString());
            switch (status) {
                case REFUSED -> {
                    return refused(problem);
                }
                case MAYBE_STORED -> {
                    maybeStored = true;
                    if (lastUnknown == null || problem.index() != null) {
                        lastUnknown = problem;
                    }
                }
                case TRY_AGAIN -> {
                    lastRefusal = problem;
                    rounds.postpone(reply);
                }
                case DONE -> throw new IllegalStateException("handled above");
            }
            return null;
        }

        /**
         * A final refusal says nothing about what was sent before, except for those that the log decides: there the answer
         * to a repeat is the answer to the first. A sequence number that is too old now need not have been so before.
         */
        private WriteOutcome<T> refused(Problem problem) {
            boolean decidedByLog = problem.status() == 412 || problem.status() == 422;
            return maybeStored && !decidedByLog
                    ? new WriteOutcome.Unknown<>(
                            lastUnknown != null ? lastUnknown : problem.withOutcome(ProblemOutcome.UNKNOWN),
                            key,
                            attempts)
                    : new WriteOutcome.NotStored<>(problem, key, attempts);
        }

        private WriteOutcome<T> givenUp() {
            if (maybeStored) {
                Problem problem = lastUnknown != null
                        ? lastUnknown
                        : Problems.noAnswer("No answer", rounds.failures(), ProblemOutcome.UNKNOWN);
                return new WriteOutcome.Unknown<>(problem, key, attempts);
            }
            Problem problem = lastRefusal != null
                    ? lastRefusal
                    : Problems.noAnswer("No node answers", rounds.failures(), ProblemOutcome.NOT_STORED);
            return new WriteOutcome.NotStored<>(problem, key, attempts);
        }
    }
}
