package io.replog.core.replica;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * One member of a cluster as a deterministic state machine: inputs go in, effects come out (Raft, as in Ongaro's
 * dissertation). It has no clock, no threads and does no I/O. Not thread-safe: one thread owns it.
 */
public final class Replica {
    /**
     * @param config     what it is told
     * @param recovered  what its disk holds
     * @param random     for election time-outs and identities
     * @param wallClock  milliseconds since 1970, for the time stamps of entries
     * @param now        the current time, as for {@link #step}
     */
    public Replica(
            ReplicaConfig config, RecoveredState recovered, RandomGenerator random, LongSupplier wallClock, long now) {
        throw new UnsupportedOperationException(config.toString() + recovered + random + wallClock + now);
    }

    /**
     * Takes one input.
     *
     * @param now nanoseconds on a monotonic clock of any origin; never goes back
     * @return what is to be done, in this order
     */
    public List<Effect> step(long now, Input input) {
        throw new UnsupportedOperationException(now + " " + input);
    }

    /**
     * Takes inputs that came together. Cheaper than one by one: what is appended goes to the log and to each peer in one
     * effect at the end.
     *
     * @param now as for {@link #step(long, Input)}
     */
    public List<Effect> step(long now, List<Input> inputs) {
        throw new UnsupportedOperationException(now + " " + inputs);
    }

    /** When an {@link Input.Tick} is due, on the clock of {@link #step}; {@link Long#MAX_VALUE} for never. */
    public long nextDeadline() {
        return Long.MAX_VALUE;
    }

    /** The replica as it is now. Cheap where nothing changed since the last call: then it is the same object. */
    public ReplicaStatus status() {
        throw new UnsupportedOperationException();
    }
}
