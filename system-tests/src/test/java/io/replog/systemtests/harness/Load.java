package io.replog.systemtests.harness;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writers that go on while nodes come and go: each message has an idempotency key and is sent again, to the next node,
 * until it is acknowledged.
 */
public final class Load implements AutoCloseable {
    private static final Duration GIVE_UP = Duration.ofSeconds(60);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(40);

    private final List<? extends Node> nodes;
    private final String w;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final AtomicLong attempts = new AtomicLong();
    private volatile Instant lastAcknowledged = Instant.now();

    private Load(List<? extends Node> nodes, String w) {
        this.nodes = nodes;
        this.w = w;
    }

    public static Load start(List<? extends Node> nodes, int writers, String w) {
        Load load = new Load(nodes, w);
        String run = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
        for (int i = 0; i < writers; i++) {
            int writer = i;
            load.threads.add(
                    Thread.ofVirtual().start(() -> load.write(run + "-" + writer, writer % load.nodes.size())));
        }
        return load;
    }

    private void write(String name, int first) {
        int at = first;
        for (long number = 1; !stopped.get(); number++) {
            String text = name + ":" + number;
            Instant start = Instant.now();
            while (true) {
                Node node = nodes.get(at % nodes.size());
                String answer;
                try {
                    attempts.incrementAndGet();
                    Reply reply = node.send(Http.request(
                                    node.url() + "/messages?timeout=3s&w=" + w,
                                    "Content-Type",
                                    "text/plain",
                                    "Idempotency-Key",
                                    text)
                            .timeout(Duration.ofSeconds(6))
                            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(text)));
                    if (reply.status() == 201 || reply.status() == 200) {
                        acknowledged.put(text, reply.json().get("id").asLong());
                        lastAcknowledged = Instant.now();
                        break;
                    }
                    answer = reply.toString();
                    if (reply.status() != 503 && reply.status() != 504) {
                        problems.add(node + " answered " + text + " with " + reply);
                    }
                } catch (UncheckedIOException e) {
                    answer = e.toString();
                }
                if (Duration.between(start, Instant.now()).compareTo(GIVE_UP) > 0) {
                    problems.add(text + " was not acknowledged within " + GIVE_UP + "; last: " + answer);
                    return;
                }
                at++;
                Wait.pause(BETWEEN_ATTEMPTS);
            }
        }
    }

    public int acknowledgedCount() {
        return acknowledged.size();
    }

    /** Waits until that many more writes than now are acknowledged. */
    public void awaitMore(int more) {
        int target = acknowledged.size() + more;
        Wait.until(more + " more acknowledged writes", Duration.ofSeconds(60), () -> acknowledged.size() >= target);
    }

    public Instant lastAcknowledged() {
        return lastAcknowledged;
    }

    /** Lets each writer finish the write that it is at. */
    public void stop() {
        stopped.set(true);
        for (Thread thread : threads) {
            try {
                if (!thread.join(GIVE_UP.plusSeconds(10))) {
                    throw new AssertionError("a writer did not end; problems: " + problems);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    /** What the writers found wrong: answers that no fault excuses, and writes that were never acknowledged. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Says where the log breaks what was promised: lost, doubled, misplaced or out of a writer's order. */
    public List<String> violations(MessageLog log) {
        List<String> violations = new ArrayList<>(problems);
        Map<String, Long> last = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < log.texts().size(); i++) {
            String text = log.texts().get(i);
            if (!seen.add(text)) {
                violations.add(text + " is there twice, again as id " + (i + 1));
            }
            int colon = text.lastIndexOf(':');
            if (colon > 0) {
                long number = Long.parseLong(text.substring(colon + 1));
                Long before = last.put(text.substring(0, colon), number);
                if (before != null && before >= number) {
                    violations.add(text + " comes behind " + before + " of the same writer");
                }
            }
        }
        acknowledged.forEach((text, id) -> {
            if (id > log.texts().size() || !log.texts().get((int) (id - 1)).equals(text)) {
                violations.add("acknowledged " + text + " as id " + id + ", there is "
                        + (id > log.texts().size() ? "nothing" : log.texts().get((int) (id - 1))));
            }
        });
        return violations;
    }

    @Override
    public void close() {
        stopped.set(true);
    }
}
