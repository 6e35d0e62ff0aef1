package io.replog.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.replog.checker.Verdict;
import io.replog.simulation.Simulation.Result;
import io.replog.simulation.world.ReplicaPort;
import io.replog.simulation.world.Report;
import io.replog.simulation.world.Trace;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int SEEDS = 2_000;

    /** Seeds beyond the others that once broke a promise. */
    private static final long[] FOUND = {10_102, 10_846, 11_203, 21_217, 5_002_684, 6_005_216, 31_000_392, 33_007_457};

    @Test
    void every_world_keeps_its_promises() {
        LongStream.concat(LongStream.rangeClosed(1, SEEDS), LongStream.of(FOUND))
                .forEach(SimulationTest::keepsItsPromises);
    }

    private static void keepsItsPromises(long seed) {
        switch (Simulation.run(seed)) {
            case Result.Broken broken ->
                fail(
                        "seed %d: %s%n%s%nreplay with: bin/simulate --seed %d --trace",
                        seed, broken.message(), String.join("\n", broken.trace()), seed);
            case Result.Kept(Report report) -> {
                // a check that ran out of budget is not a pass
                assertThat(report.keys()).as("keys of seed %d", seed).isInstanceOf(Verdict.Passed.class);
                assertThat(report.log()).as("log of seed %d", seed).isInstanceOf(Verdict.Passed.class);
            }
        }
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        for (long seed = 1_000_001; seed <= 1_000_010; seed++) {
            assertThat(traceOf(seed)).as("seed %d", seed).isEqualTo(traceOf(seed));
        }
    }

    private static long traceOf(long seed) {
        CRC32C digest = new CRC32C();
        Trace trace =
                Trace.to(line -> digest.update(line.replaceAll("@[0-9a-f]+", "").getBytes(StandardCharsets.UTF_8)));
        Simulation.run(seed, Scenarios.draw(seed), trace, ReplicaPort.Factory.REAL);
        return digest.getValue();
    }
}
