package io.replog.node.faults;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** How long replicated entries wait: the configured delay, unless a fault replaces it, and jitter. */
public final class FaultDelay implements LongSupplier {
    private final Faults faults;
    private final long configuredNanos;
    private final RandomGenerator random;

    /** @param random draws the jitter; used by one thread */
    public FaultDelay(Faults faults, Duration configured, RandomGenerator random) {
        this.faults = faults;
        this.configuredNanos = configured.toNanos();
        this.random = random;
    }

    @Override
    public long getAsLong() {
        FaultSettings settings = faults.settings();
        Duration replaced = settings.delay();
        long delay = replaced == null ? configuredNanos : replaced.toNanos();
        long jitter = settings.jitter().toNanos();
        return jitter == 0 ? delay : delay + random.nextLong(jitter + 1);
    }
}
