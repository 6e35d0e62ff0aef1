package io.replog.simulation.disk;

import java.util.random.RandomGenerator;

/**
 * What a power cut takes of the writes that were not forced: all, none, the newest ones, or for each sector by chance the
 * newest ones of its own.
 */
final class Loss {
    private final RandomGenerator random;
    private final long now;
    private final boolean scattered;
    private final long common;

    Loss(RandomGenerator random, long forcedBefore, long now) {
        this.random = random;
        this.now = now;
        int kind = random.nextInt(6);
        this.scattered = kind < 3;
        this.common = switch (kind) {
            case 4 -> now;
            case 5 -> forcedBefore + random.nextLong(now - forcedBefore + 1);
            default -> 0;
        };
    }

    /** Writes of the sector in question, or names of the folder, up to this time are kept. */
    long lastTime() {
        if (!scattered) {
            return common;
        }
        return random.nextBoolean() ? now : random.nextLong(now + 1);
    }
}
