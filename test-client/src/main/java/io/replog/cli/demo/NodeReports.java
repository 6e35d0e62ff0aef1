package io.replog.cli.demo;

import io.replog.api.client.NodeClient;
import io.replog.api.client.ReplogException;
import io.replog.api.cluster.ClusterEvent;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.report.Story;
import io.replog.cli.report.Story.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows what the nodes themselves report ({@code /cluster/events}) and puts it into the story, so that it does not rest
 * on the client's view alone. Thread-safe.
 */
final class NodeReports implements AutoCloseable {
    private static final Duration LONGEST_STORY = Duration.ofHours(1);
    private static final long RETRY_NANOS = 20_000_000;
    private static final double NANOS = 1e9;

    /** Says little that roles do not say. */
    private static final Set<String> NOISE = Set.of("view-changed", "member-status-changed");

    private final Story story;
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();
    private final List<Thread> followers = new ArrayList<>();
    private final Set<Seen> seen = new HashSet<>();
    private final Map<String, Lead> leading = new HashMap<>();
    private final List<Lead> leads = new ArrayList<>();

    NodeReports(Story story) {
        this.story = story;
    }

    /** Seconds since the story began. */
    double now() {
        return (System.nanoTime() - startNanos) / NANOS;
    }

    /** Follows a node until {@link #close}, over its starts and ends. */
    void follow(LocalNode node) {
        followers.add(Thread.ofVirtual().name("reports-" + node.id()).start(() -> run(node)));
    }

    private void run(LocalNode node) {
        try (NodeClient client = NodeClient.of(node.url(), LONGEST_STORY)) {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    client.forEachEvent(event -> take(node.id(), event));
                } catch (ReplogException e) {
                    // It is down, or not up yet.
                    LockSupport.parkNanos(RETRY_NANOS);
                }
                ended(node.id());
            }
        }
    }

    private synchronized void take(String node, ClusterEvent event) {
        // A new connection gets once more what was told over the one before.
        if (!seen.add(new Seen(node, event.sequence(), event.time()))) {
            return;
        }
        double at = Duration.between(start, event.time()).toNanos() / NANOS;
        if (!NOISE.contains(event.type())) {
            story.event(at, node, describe(event));
        }
        if (event.type().equals("role-changed")) {
            Lead before = leading.remove(node);
            if (before != null) {
                draw(before, at);
            }
            if (event.role().equals("leader")) {
                Lead lead = new Lead(node, event.term(), at);
                leading.put(node, lead);
                leads.add(lead);
            }
        }
    }

    private static String describe(ClusterEvent event) {
        String what = event.type().equals("role-changed")
                ? "becomes " + event.role()
                : event.type().replace('-', ' ');
        return what + " in term " + event.term() + ": " + event.reason();
    }

    /** The node does not answer any more: what it led it leads no longer. */
    private synchronized void ended(String node) {
        Lead lead = leading.remove(node);
        if (lead != null) {
            draw(lead, now());
        }
    }

    private void draw(Lead lead, double until) {
        story.span(lead.node(), lead.from(), until, Mark.LEADS, "leads, term " + lead.term());
    }

    /** When a node first said that it leads, of those that said so after {@code time}; empty where none has yet. */
    synchronized OptionalDouble ledAfter(double time) {
        return leads.stream()
                .mapToDouble(Lead::from)
                .filter(from -> from > time)
                .min();
    }

    @Override
    public void close() {
        followers.forEach(Thread::interrupt);
        try {
            for (Thread follower : followers) {
                follower.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Seen(String node, long sequence, Instant time) {}

    private record Lead(String node, long term, double from) {}
}
