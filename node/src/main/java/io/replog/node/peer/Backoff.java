package io.replog.node.peer;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next try: doubled with each failure up to a cap, and jittered. Not thread-safe. */
final class Backoff {
    private final long firstNanos;
    private final long capNanos;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration first, Duration cap, RandomGenerator random) {
        this.firstNanos = first.toNanos();
        this.capNanos = cap.toNanos();
        this.random = random;
    }

    /** Counts a failure and gives the nanoseconds to wait: from half to the whole of the current step. */
    long afterFailure() {
        long step = Math.min(capNanos, firstNanos << Math.min(failures, 20));
        failures = Math.min(failures + 1, 20);
        return step / 2 + random.nextLong(step / 2 + 1);
    }

    void reset() {
        failures = 0;
    }
}
