package io.replog.simulation.world;

import io.replog.core.replica.Effect;
import io.replog.core.replica.Input;
import io.replog.core.replica.RecoveredState;
import io.replog.core.replica.Replica;
import io.replog.core.replica.ReplicaConfig;
import io.replog.core.replica.ReplicaStatus;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The replica as a simulated node drives it: the real one, or one that a test has put something around. */
public interface ReplicaPort {
    List<Effect> step(long now, List<Input> inputs);

    long nextDeadline();

    ReplicaStatus status();

    /** Makes the replica of a node that starts. */
    interface Factory {
        /** The real one. */
        Factory REAL = (config, recovered, random, wallClock, now) ->
                of(new Replica(config, recovered, random, wallClock, now));

        ReplicaPort create(
                ReplicaConfig config,
                RecoveredState recovered,
                RandomGenerator random,
                LongSupplier wallClock,
                long now);
    }

    static ReplicaPort of(Replica replica) {
        return new ReplicaPort() {
            @Override
            public List<Effect> step(long now, List<Input> inputs) {
                return replica.step(now, inputs);
            }

            @Override
            public long nextDeadline() {
                return replica.nextDeadline();
            }

            @Override
            public ReplicaStatus status() {
                return replica.status();
            }
        };
    }
}
