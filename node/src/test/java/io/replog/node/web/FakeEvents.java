package io.replog.node.web;

import io.replog.api.cluster.ClusterEvent;
import io.replog.node.engine.ClusterEvents;
import io.replog.node.engine.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Events that a test makes. */
public final class FakeEvents implements ClusterEvents {
    private final List<ClusterEvent> events = new ArrayList<>();

    public synchronized void add(String type) {
        long sequence = events.size() + 1L;
        events.add(new ClusterEvent(
                sequence, Instant.ofEpochSecond(sequence), type, 1, "leader", "master", sequence, null, "a test"));
        notifyAll();
    }

    @Override
    public synchronized long lastSequence() {
        return events.size();
    }

    @Override
    public synchronized List<ClusterEvent> awaitAfter(long sequence, Deadline deadline) throws InterruptedException {
        while (events.size() <= sequence) {
            long millis = Math.min(deadline.remaining().toMillis(), 60_000);
            if (millis <= 0) {
                return List.of();
            }
            wait(millis);
        }
        return List.copyOf(events.subList((int) sequence, events.size()));
    }
}
