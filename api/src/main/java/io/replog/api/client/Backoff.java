package io.replog.api.client;

import java.util.random.RandomGenerator;

/** How long to wait between rounds of attempts: doubles up to a cap, each drawn from its upper half. Not thread-safe. */
final class Backoff {
    private static final int FIRST_MILLIS = 20;
    private static final int LONGEST_MILLIS = 400;

    private final RandomGenerator random;
    private int ceiling = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The next wait in milliseconds. */
    int nextMillis() {
        int half = ceiling / 2;
        int millis = half + random.nextInt(half + 1);
        ceiling = Math.min(ceiling * 2, LONGEST_MILLIS);
        return millis;
    }

    void reset() {
        ceiling = FIRST_MILLIS;
    }
}
