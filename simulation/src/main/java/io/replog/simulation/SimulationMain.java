package io.replog.simulation;

import io.replog.checker.Verdict;
import io.replog.simulation.world.Report;
import io.replog.simulation.world.Trace;
import java.io.PrintStream;

/**
 * Runs many seeds, or one with all that happens in it.
 *
 * <pre>
 * simulate [--seeds N] [--from SEED]     N worlds (1,000), the first of that seed (1); stops at the first that breaks
 * simulate --seed SEED [--trace]         one world; --trace tells every event
 * </pre>
 *
 * Ends with status 0 where every promise was kept, 1 where one was broken, 2 where the arguments are wrong.
 */
public final class SimulationMain {
    private static final String USAGE = "usage: simulate [--seeds N] [--from SEED] | --seed SEED [--trace]";
    private static final int PROGRESS_EVERY = 1_000;

    private final PrintStream out;
    private long seeds = 1_000;
    private long from = 1;
    private boolean trace;

    private SimulationMain(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) {
        System.exit(new SimulationMain(System.out).run(args));
    }

    private int run(String[] args) {
        try {
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--seeds" -> seeds = Long.parseLong(args[++i]);
                    case "--from" -> from = Long.parseLong(args[++i]);
                    case "--seed" -> {
                        from = Long.parseLong(args[++i]);
                        seeds = 1;
                    }
                    case "--trace" -> trace = true;
                    default -> throw new IllegalArgumentException(args[i]);
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            out.println(USAGE);
            return 2;
        }
        return runSeeds();
    }

    private int runSeeds() {
        Totals totals = new Totals();
        long start = System.nanoTime();
        for (long seed = from; seed < from + seeds; seed++) {
            Simulation.Result result = Simulation.run(seed, trace ? Trace.to(out::println) : Trace.quiet());
            switch (result) {
                case Simulation.Result.Kept kept -> totals.add(kept.report());
                case Simulation.Result.Broken broken -> {
                    print(seed, broken);
                    return 1;
                }
            }
            if ((seed - from + 1) % PROGRESS_EVERY == 0 || seed == from + seeds - 1) {
                out.println(totals.toString(System.nanoTime() - start));
            }
        }
        return 0;
    }

    private void print(long seed, Simulation.Result.Broken broken) {
        if (!trace) {
            broken.trace().forEach(out::println);
        }
        out.println();
        broken.failure().printStackTrace(out);
        out.println();
        out.println("seed " + seed + ": " + Scenarios.draw(seed));
        out.println("BROKEN " + broken.message());
        out.println("replay with: bin/simulate --seed " + seed + " --trace");
    }

    /** What the runs so far amounted to. */
    private static final class Totals {
        private long worlds;
        private long events;
        private long terms;
        private long committed;
        private long undecided;
        private long slowest;

        void add(Report report) {
            worlds++;
            events += report.events();
            terms += report.terms();
            committed += report.committed();
            undecided += report.keys() instanceof Verdict.Undecided ? 1 : 0;
            slowest = Math.max(slowest, report.recoveredIn());
        }

        String toString(long nanos) {
            return "%d worlds kept their promises: %d events, %d terms with a leader, %d indexes committed, recovered within %.1f s, %d undecided; %d s"
                    .formatted(worlds, events, terms, committed, slowest / 1e9, undecided, nanos / 1_000_000_000);
        }
    }
}
