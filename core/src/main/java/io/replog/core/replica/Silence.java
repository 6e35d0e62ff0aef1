package io.replog.core.replica;

import io.replog.core.replica.ReplicaStatus.Health;

/** What the silence of a peer means: the failure detector. */
final class Silence {
    /** Heartbeats that may be missed before a peer is suspected. */
    private static final int MISSED = 3;

    private Silence() {}

    static Health judge(ReplicaConfig.Timing timing, long silence) {
        long suspected = MISSED * timing.heartbeatInterval();
        if (silence <= suspected) {
            return Health.HEALTHY;
        }
        return silence <= Math.max(timing.electionTimeout(), 2 * suspected) ? Health.SUSPECTED : Health.UNHEALTHY;
    }
}
