package io.replog.simulation.bugs;

import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Effect;
import io.replog.core.replica.HardState;
import io.replog.core.replica.Input;
import io.replog.core.replica.RecoveredState;
import io.replog.core.replica.ReplicaConfig;
import io.replog.core.replica.ReplicaStatus;
import io.replog.simulation.world.ReplicaPort;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands between a node and its replica and falsifies what goes in or comes out. What it does shows what a replica with
 * the bug would do; the replica itself is the real one.
 */
abstract class Tampering implements ReplicaPort {
    /** Makes the tampering for a node that starts. */
    interface Maker {
        Tampering around(ReplicaPort real, ReplicaConfig config, RecoveredState recovered);
    }

    final ReplicaPort real;
    final NodeId self;

    /** As the replica had it saved last. */
    HardState hardState;

    long now;

    Tampering(ReplicaPort real, ReplicaConfig config, RecoveredState recovered) {
        this.real = real;
        this.self = config.self();
        this.hardState = recovered.hardState();
    }

    static ReplicaPort.Factory factory(Maker maker) {
        return (config, recovered, random, wallClock, now) -> maker.around(
                ReplicaPort.Factory.REAL.create(config, recovered, random, wallClock, now), config, recovered);
    }

    @Override
    public final List<Effect> step(long time, List<Input> inputs) {
        now = time;
        List<Effect> wanted = new ArrayList<>();
        List<Input> falsified = new ArrayList<>();
        for (Input input : inputs) {
            incoming(input, falsified, wanted);
        }
        List<Effect> effects = falsified.isEmpty() ? List.of() : real.step(time, falsified);
        for (Effect effect : effects) {
            if (effect instanceof Effect.SaveHardState save) {
                hardState = save.state();
            }
            outgoing(effect, wanted);
        }
        return wanted;
    }

    /** Puts what the replica is to see into {@code inputs}, and what it never learns that it did into {@code effects}. */
    void incoming(Input input, List<Input> inputs, List<Effect> effects) {
        inputs.add(input);
    }

    /** Puts what is really to be done into {@code effects}. */
    void outgoing(Effect effect, List<Effect> effects) {
        effects.add(effect);
    }

    /** Lets the replica take one more input right now. */
    final void slipIn(Input input, List<Effect> effects) {
        for (Effect effect : real.step(now, List.of(input))) {
            outgoing(effect, effects);
        }
    }

    @Override
    public long nextDeadline() {
        return real.nextDeadline();
    }

    @Override
    public ReplicaStatus status() {
        return real.status();
    }
}
