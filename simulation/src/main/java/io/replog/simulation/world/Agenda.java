package io.replog.simulation.world;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What will happen, in the order of simulated nanoseconds; at one moment in the order in which it was planned. */
final class Agenda {
    private record Item(long at, long number, Runnable action) {}

    private final PriorityQueue<Item> items =
            new PriorityQueue<>(Comparator.comparingLong(Item::at).thenComparingLong(Item::number));
    private long now;
    private long planned;

    /** Simulated nanoseconds since the world began. */
    long now() {
        return now;
    }

    /** @param delay nanoseconds, not below 0 */
    void after(long delay, Runnable action) {
        if (delay < 0) {
            throw new IllegalArgumentException("delay " + delay);
        }
        items.add(new Item(now + delay, planned++, action));
    }

    /** Lets the next thing happen; false where none is planned before {@code end}. */
    boolean step(long end) {
        Item next = items.peek();
        if (next == null || next.at() > end) {
            now = Math.max(now, end);
            return false;
        }
        items.remove();
        now = next.at();
        next.action().run();
        return true;
    }
}
