package io.replog.cli.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop: each connection sends its next request as soon as the last one is answered. One thread serves all
 * connections through a selector, so no response costs a hand-over between threads; the request's bytes are built once.
 *
 * <p>{@link #run} is for one thread; the counters may be read from any.
 */
public final class LoadRun {
    private static final long RETRY_NANOS = 50_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int MOST_QUOTED = 300;

    private final LoadPlan plan;
    private final Supplier<@Nullable String> leaderUrl;
    private final ResponseScanner scanner = new ResponseScanner();
    private final LatencyHistogram latency = new LatencyHistogram();
    private final TreeMap<String, Long> errors = new TreeMap<>();
    private final List<Long> perSecond = new ArrayList<>();
    private final PriorityQueue<Pause> pauses = new PriorityQueue<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private long measureFrom;
    private long end;
    private @Nullable String firstError;

    /**
     * @param plan      what load to make
     * @param leaderUrl where the leader is now, null where nobody knows; asked again whenever a connection breaks
     */
    public LoadRun(LoadPlan plan, Supplier<@Nullable String> leaderUrl) {
        this.plan = plan;
        this.leaderUrl = leaderUrl;
    }

    /** Messages acknowledged so far, warm-up included. */
    public long acknowledged() {
        return acknowledged.get() * plan.batch();
    }

    /** The first answer that was no success, null where there was none. */
    public @Nullable String firstError() {
        return firstError;
    }

    /** Makes the load; returns when the time is over. */
    public LoadResult run() {
        try (Selector selector = Selector.open()) {
            long start = System.nanoTime();
            measureFrom = start + plan.warmUp().toNanos();
            end = measureFrom + plan.measured().toNanos();
            connect(selector, plan.connections());
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                Pause next = pauses.peek();
                long until = next == null ? end : Math.min(end, next.until());
                long millis = Math.clamp((until - now) / 1_000_000, 1, 100);
                selector.select(key -> proceed(selector, key), millis);
                resume(selector);
            }
            for (SelectionKey key : selector.keys()) {
                ((LoadConnection) key.attachment()).close();
            }
            return new LoadResult(plan, plan.measured().toNanos(), latency, List.copyOf(perSecond), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connect(Selector selector, int count) {
        String url = leaderUrl.get();
        if (url == null) {
            pause(null, count, "no leader");
            return;
        }
        URI uri = URI.create(url);
        InetSocketAddress node = new InetSocketAddress(uri.getHost(), uri.getPort());
        ByteBuffer request = request(uri);
        for (int i = 0; i < count; i++) {
            try {
                LoadConnection.open(node, selector, request).send(System.nanoTime());
            } catch (IOException e) {
                pause(null, 1, "cannot connect");
            }
        }
    }

    private void proceed(Selector selector, SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        try {
            if (!connection.proceed(scanner)) {
                return;
            }
            long now = System.nanoTime();
            boolean done = answered(connection, now);
            if (scanner.isClosing()) {
                connection.close();
                connect(selector, 1);
            } else if (done) {
                connection.send(now);
            } else {
                pauses.add(new Pause(now + RETRY_NANOS, connection, 1));
            }
        } catch (IOException e) {
            connection.close();
            pause(null, 1, "connection broke");
        }
    }

    private boolean answered(LoadConnection connection, long now) {
        if (scanner.status() >= 300) {
            fail(Integer.toString(scanner.status()));
            if (firstError == null) {
                int from = scanner.bodyStart();
                int length = Math.min(MOST_QUOTED, connection.responseLength() - from);
                firstError = new String(connection.response(), from, length, StandardCharsets.UTF_8);
            }
            return false;
        }
        acknowledged.lazySet(acknowledged.get() + 1);
        if (now >= measureFrom && now < end) {
            latency.record(now - connection.sentAt());
            int second = (int) ((now - measureFrom) / SECOND_NANOS);
            while (perSecond.size() <= second) {
                perSecond.add(0L);
            }
            perSecond.set(second, perSecond.get(second) + plan.batch());
        }
        return true;
    }

    private void fail(String reason) {
        errors.merge(reason, 1L, Long::sum);
    }

    private void pause(@Nullable LoadConnection connection, int count, String reason) {
        fail(reason);
        pauses.add(new Pause(System.nanoTime() + RETRY_NANOS, connection, count));
    }

    private void resume(Selector selector) {
        long now = System.nanoTime();
        int broken = 0;
        for (Pause next = pauses.peek(); next != null && next.until() <= now; next = pauses.peek()) {
            pauses.remove();
            if (next.connection() == null) {
                broken += next.count();
                continue;
            }
            try {
                next.connection().send(now);
            } catch (IOException e) {
                next.connection().close();
                broken++;
            }
        }
        if (broken > 0) {
            connect(selector, broken);
        }
    }

    private ByteBuffer request(URI node) {
        String line = "{\"message\":\"" + "x".repeat(plan.size()) + "\"}";
        byte[] body =
                (plan.batch() == 1 ? line : (line + "\n").repeat(plan.batch())).getBytes(StandardCharsets.US_ASCII);
        String head = "POST /messages" + (plan.w() == null ? "" : "?w=" + plan.w()) + " HTTP/1.1\r\nHost: "
                + node.getHost() + ":" + node.getPort() + "\r\nContent-Type: "
                + (plan.batch() == 1 ? "application/json" : "application/x-ndjson") + "\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(headBytes.length + body.length)
                .put(headBytes)
                .put(body)
                .flip();
    }

    /** Something to take up again later: a connection, or, where it is null, new ones in place of broken ones. */
    private record Pause(long until, @Nullable LoadConnection connection, int count) implements Comparable<Pause> {
        @Override
        public int compareTo(Pause other) {
            return Long.compare(until, other.until);
        }
    }
}
