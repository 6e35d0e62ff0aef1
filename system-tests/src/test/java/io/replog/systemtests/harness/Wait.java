package io.replog.systemtests.harness;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Polls until something holds, or fails at a deadline. */
public final class Wait {
    private static final Duration POLL = Duration.ofMillis(50);

    private Wait() {}

    /** A condition that may fail while the cluster is not yet there: an exception counts as "not yet". */
    public static void until(String what, Duration atMost, Callable<Boolean> condition) {
        Instant deadline = Instant.now().plus(atMost);
        Exception last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting until " + what, e);
            } catch (Exception e) {
                last = e;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("not within " + atMost + ": " + what, last);
            }
            pause(POLL);
        }
    }

    /** Lets time pass between two attempts, or where time itself is the case. */
    public static void pause(Duration duration) {
        Instant end = Instant.now().plus(duration);
        while (Instant.now().isBefore(end)) {
            LockSupport.parkNanos(Duration.between(Instant.now(), end).toNanos());
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted");
            }
        }
    }
}
