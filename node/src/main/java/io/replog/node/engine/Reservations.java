package io.replog.node.engine;

import io.replog.core.log.LogEntry;
import java.util.List;

/**
 * Room in the log that requests brought with them into the loop. It belongs to the entry that a step makes of a request, or
 * to a request that the replica holds back for a later step; what remains belonged to one that was refused, or is a
 * repeat, and is given back. For the loop's thread.
 */
final class Reservations {
    private long bytes;

    /** A request comes in with its reservation. */
    void add(int reservedBytes) {
        bytes += reservedBytes;
    }

    /**
     * Hands over what was reserved for those of {@code entries} that were made of requests.
     *
     * @param ledTerm the newest term in which this node leads or led, -1 for none
     * @return bytes reserved for them
     */
    long take(List<LogEntry> entries, long ledTerm) {
        long taken = 0;
        for (LogEntry entry : entries) {
            if (entry.term() == ledTerm && !entry.type().isControl()) {
                taken += entry.length();
            }
        }
        bytes -= taken;
        return taken;
    }

    /**
     * Ends a step.
     *
     * @param heldBack bytes of requests that are neither appended nor refused yet
     * @return bytes that nobody will use
     */
    long unused(long heldBack) {
        long unused = bytes - heldBack;
        if (unused < 0) {
            throw new IllegalStateException(
                    "requests that are held back need " + heldBack + " bytes, reserved are " + bytes);
        }
        bytes = heldBack;
        return unused;
    }
}
