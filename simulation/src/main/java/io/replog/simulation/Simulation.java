package io.replog.simulation;

import io.replog.simulation.invariant.InvariantViolation;
import io.replog.simulation.world.ReplicaPort;
import io.replog.simulation.world.Report;
import io.replog.simulation.world.Scenario;
import io.replog.simulation.world.Trace;
import io.replog.simulation.world.World;
import java.util.List;

/** Runs a world from a seed; the same seed gives the same run, event for event. */
public final class Simulation {
    private Simulation() {}

    /** How a run ended. */
    public sealed interface Result {
        /** Every promise was kept. */
        record Kept(Report report) implements Result {}

        /**
         * @param invariant which promise was broken; the exception's class where something else went wrong
         * @param message   what was seen
         * @param failure   for its stack trace
         * @param trace     what happened before, oldest first
         */
        record Broken(String invariant, String message, RuntimeException failure, List<String> trace)
                implements Result {}
    }

    /** The world that the seed draws, over the real replica. */
    public static Result run(long seed) {
        return run(seed, Scenarios.draw(seed), Trace.quiet(), ReplicaPort.Factory.REAL);
    }

    /** As {@link #run(long)}, telling all that happens. */
    public static Result run(long seed, Trace trace) {
        return run(seed, Scenarios.draw(seed), trace, ReplicaPort.Factory.REAL);
    }

    @SuppressWarnings("IllegalCatch") // whatever a replica throws is a finding
    public static Result run(long seed, Scenario scenario, Trace trace, ReplicaPort.Factory replicas) {
        World world = new World(seed, scenario, trace, replicas);
        try {
            return new Result.Kept(world.run());
        } catch (InvariantViolation e) {
            return new Result.Broken(e.invariant(), String.valueOf(e.getMessage()), e, trace.tail());
        } catch (RuntimeException e) {
            return new Result.Broken(e.getClass().getSimpleName(), String.valueOf(e), e, trace.tail());
        }
    }
}
