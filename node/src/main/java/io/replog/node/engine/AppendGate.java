package io.replog.node.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides how many appends are worth a batch. While nothing is on its way to be committed, any one is. Else they wait until
 * as many bytes wait as are on the way, or what is on the way has been committed: so one batch is forced and acknowledged
 * while the next one fills, and under load the work of three nodes is that of batches, not of messages. This is group
 * commit as databases have it, with the number of waiting clients in place of a fixed delay. For the loop's thread.
 */
final class AppendGate {
    /** A batch of so many bytes is worth its overhead, whatever is on the way. */
    private static final long LARGE_BATCH_BYTES = 64 << 10;

    private record Batch(long lastIndex, long bytes) {}

    private final Deque<Batch> onTheWay = new ArrayDeque<>();
    private long bytesOnTheWay;

    /** Appends of so many bytes were let through and end the log at {@code lastIndex} now. */
    void passed(long lastIndex, long bytes) {
        onTheWay.add(new Batch(lastIndex, bytes));
        bytesOnTheWay += bytes;
    }

    /** All up to {@code index} is committed. */
    void committed(long index) {
        for (Batch batch = onTheWay.peek(); batch != null && batch.lastIndex() <= index; batch = onTheWay.peek()) {
            bytesOnTheWay -= batch.bytes();
            onTheWay.remove();
        }
    }

    /** This node does not lead: whatever comes is refused at once. */
    void reset() {
        onTheWay.clear();
        bytesOnTheWay = 0;
    }

    /** Whether an append may have to wait. */
    boolean isClosed() {
        return bytesOnTheWay > 0;
    }

    /** Bytes of appends that open the gate; 1 where any does. */
    long wantedBytes() {
        return Math.clamp(bytesOnTheWay, 1, LARGE_BATCH_BYTES);
    }
}
