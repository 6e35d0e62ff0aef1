package io.replog.node.engine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A moment on {@link System#nanoTime()}'s clock by which something must be answered.
 *
 * @param nanos the moment; {@link Long#MAX_VALUE} for never
 */
public record Deadline(long nanos) {
    public static final Deadline NONE = new Deadline(Long.MAX_VALUE);

    /** @param timeout null for never */
    public static Deadline after(@Nullable Duration timeout) {
        return timeout == null ? NONE : new Deadline(System.nanoTime() + timeout.toNanos());
    }

    public boolean isNone() {
        return nanos == Long.MAX_VALUE;
    }

    /** Time left, never negative; a very long time for {@link #NONE}. */
    public Duration remaining() {
        return isNone() ? Duration.ofDays(365) : Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /**
     * Waits until {@code done}, which is looked at first and whenever this thread is unparked, or until this moment.
     *
     * @param blocker for those who look at threads
     */
    public void park(Object blocker, BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            if (isNone()) {
                // A virtual thread's time-out, however far, costs the scheduler's timer thread two wake-ups.
                LockSupport.park(blocker);
            } else {
                long left = nanos - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                LockSupport.parkNanos(blocker, left);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
