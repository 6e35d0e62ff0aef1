package io.replog.simulation.bugs;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.core.quorum.MemberKind;
import io.replog.core.replica.ReplicaConfig;
import io.replog.simulation.Simulation;
import io.replog.simulation.Simulation.Result;
import io.replog.simulation.world.ReplicaPort;
import io.replog.simulation.world.Scenario;
import io.replog.simulation.world.Scenario.Fault;
import io.replog.simulation.world.Scenario.NodeShape;
import io.replog.simulation.world.Trace;
import io.replog.storage.StorageOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof of the simulation: bugs that are known to lose data are planted, and it must find each of them. */
class PlantedBugsTest {
    private static final long MILLISECOND = 1_000_000;
    private static final int MOST_SEEDS = 400;

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void is_caught(PlantedBug bug) {
        Set<String> seen = new TreeSet<>();
        for (long seed = 1; seed <= MOST_SEEDS; seed++) {
            if (run(seed, bug.replicas()) instanceof Result.Broken broken) {
                seen.add(broken.invariant());
                if (bug.expected().contains(broken.invariant())) {
                    return;
                }
            }
        }
        throw new AssertionError(bug + " was not caught in " + MOST_SEEDS + " worlds by " + bug.expected()
                + ", only consequences of it by " + seen);
    }

    @Test
    void without_a_bug_the_same_worlds_keep_their_promises() {
        for (long seed = 1; seed <= 30; seed++) {
            assertThat(run(seed, ReplicaPort.Factory.REAL)).as("seed %d", seed).isInstanceOf(Result.Kept.class);
        }
    }

    private static Result run(long seed, ReplicaPort.Factory replicas) {
        return Simulation.run(seed, hostile(seed), Trace.quiet(), replicas);
    }

    private static Scenario hostile(long seed) {
        return switch ((int) (seed % 4)) {
            case 0 -> contested();
            case 1 -> deposing();
            case 2 -> crashing(seed / 4);
            default -> depleting();
        };
    }

    /** Voters die for longer than a spare waits, and one is not up before the end. */
    private static Scenario depleting() {
        List<NodeShape> nodes = new ArrayList<>(Collections.nCopies(4, new NodeShape(MemberKind.VOTER, 1)));
        nodes.add(new NodeShape(MemberKind.VOTER, 1, true));
        nodes.add(new NodeShape(MemberKind.SPARE, 1));
        return scenario(
                nodes,
                new Scenario.NetworkShape(200_000, 2 * MILLISECOND, 0.001, 0.001, 0.001),
                new Scenario.DiskShape(300_000, MILLISECOND, 0),
                0.05,
                new Scenario.FaultShape(EnumSet.of(Fault.CRASH), 2_000 * MILLISECOND, 8_000 * MILLISECOND),
                2);
    }

    /** Elections have many candidates who hear late of each other, and voters that start again amid them. */
    private static Scenario contested() {
        return scenario(
                voters(5),
                new Scenario.NetworkShape(200_000, 20 * MILLISECOND, 0.1, 0.05, 0.2),
                new Scenario.DiskShape(300_000, 5 * MILLISECOND, 0),
                0.3,
                new Scenario.FaultShape(EnumSet.of(Fault.CRASH), 60 * MILLISECOND, 100 * MILLISECOND),
                2);
    }

    /** Disks are slow and processes die: what was not forced is lost, what was promised is asked for again. */
    private static Scenario crashing(long seed) {
        Set<Fault> faults = EnumSet.of(
                Fault.CRASH,
                Fault.POWER_LOSS,
                Fault.PAUSE,
                Fault.BLANK_DISK,
                Fault.PARTITION,
                Fault.ISOLATION,
                Fault.ONE_WAY_CUT,
                Fault.SLOW_DISK,
                Fault.MEMBERSHIP_CHANGE,
                Fault.TRANSFER);
        return scenario(
                voters(seed % 2 == 0 ? 3 : 5),
                new Scenario.NetworkShape(200_000, 20 * MILLISECOND, 0.02, 0.05, 0.02),
                new Scenario.DiskShape(300_000, 30 * MILLISECOND, 0.05),
                0.05,
                new Scenario.FaultShape(faults, 300 * MILLISECOND, 3_000 * MILLISECOND),
                6);
    }

    /** Leaders are deposed all the time and hear late of it: messages are slow, clocks wrong. */
    private static Scenario deposing() {
        return scenario(
                voters(3),
                new Scenario.NetworkShape(200_000, 2 * MILLISECOND, 0.01, 0.01, 0.1),
                new Scenario.DiskShape(300_000, MILLISECOND, 0),
                0.3,
                new Scenario.FaultShape(
                        EnumSet.of(Fault.TRANSFER, Fault.ISOLATION, Fault.PAUSE),
                        300 * MILLISECOND,
                        3_000 * MILLISECOND),
                12);
    }

    private static List<NodeShape> voters(int count) {
        return Collections.nCopies(count, new NodeShape(MemberKind.VOTER, 1));
    }

    private static Scenario scenario(
            List<NodeShape> nodes,
            Scenario.NetworkShape network,
            Scenario.DiskShape disk,
            double drift,
            Scenario.FaultShape faults,
            int clients) {
        return new Scenario(
                nodes,
                1,
                false,
                new ReplicaConfig.Timing(30 * MILLISECOND, 300 * MILLISECOND, 3_000 * MILLISECOND, 5 * MILLISECOND),
                new ReplicaConfig.Limits(64 << 10, 8, 512 << 10, 1 << 20, 8 << 20, 1_000, 100_000, 10_000),
                new StorageOptions(64 << 10, 4 << 10, 16 << 10, 1 << 10, 4 << 10),
                network,
                disk,
                drift,
                faults,
                clients,
                3,
                0.05,
                40 * MILLISECOND,
                8_000 * MILLISECOND);
    }
}
