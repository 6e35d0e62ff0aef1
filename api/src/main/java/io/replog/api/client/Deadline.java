package io.replog.api.client;

import java.time.Duration;

/**
 * A moment on {@link System#nanoTime()}'s clock by which a call is to be over.
 *
 * @param nanos the moment
 */
record Deadline(long nanos) {
    /** The longest time that a deadline may lie ahead; keeps the arithmetic from overflowing. */
    private static final Duration LONGEST = Duration.ofDays(3650);

    static Deadline after(Duration timeout) {
        Duration capped = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
        return new Deadline(System.nanoTime() + capped.toNanos());
    }

    /** Time left in milliseconds, never negative. */
    long remainingMillis() {
        return Math.max(0, (nanos - System.nanoTime()) / 1_000_000);
    }

    boolean passed() {
        return System.nanoTime() - nanos >= 0;
    }

    /** The earlier of this and {@code timeout} from now. */
    Deadline within(Duration timeout) {
        Deadline other = after(timeout);
        return other.nanos - nanos < 0 ? other : this;
    }
}
