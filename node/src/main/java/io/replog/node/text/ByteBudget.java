package io.replog.node.text;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory that large commands take together, over all connections. Thread-safe. */
final class ByteBudget {
    /** Commands up to here are not counted: the numbers of connections and of pipelined commands bound them. */
    static final int FREE_BYTES = 16 << 10;

    private final AtomicLong left;

    ByteBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Whether there was room. */
    boolean take(long bytes) {
        if (left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }

    long left() {
        return left.get();
    }
}
