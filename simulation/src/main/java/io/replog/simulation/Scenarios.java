package io.replog.simulation;

import io.replog.core.quorum.MemberKind;
import io.replog.core.replica.ReplicaConfig;
import io.replog.simulation.world.Scenario;
import io.replog.simulation.world.Scenario.Fault;
import io.replog.simulation.world.Scenario.NodeShape;
import io.replog.storage.StorageOptions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Draws shapes of worlds, so that no two seeds are alike: clusters of all sizes and kinds, more or less trouble. */
final class Scenarios {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final int MOST_MEMBERS = 7;

    private Scenarios() {}

    static Scenario draw(long seed) {
        RandomGenerator random = new SplittableRandom(seed).split();
        // The others stay as they were before there was this: bugs that were found have their seeds there.
        boolean special = seed % 3 == 0;
        boolean fixedLeader = random.nextInt(8) == 0;
        List<NodeShape> nodes = nodes(random, fixedLeader);
        if (special) {
            nodes = withAbsentVoter(random, nodes);
        }
        int strangers = random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0;
        return new Scenario(
                nodes,
                strangers,
                fixedLeader,
                timing(random),
                limits(random, special),
                storage(random),
                network(random),
                disk(random),
                random.nextInt(3) == 0 ? 0.05 : 0.001,
                new Scenario.FaultShape(
                        faults(random, fixedLeader), 500 * MILLISECOND + random.nextLong(3 * SECOND), 3 * SECOND),
                1 + random.nextInt(6),
                1 + random.nextInt(6),
                special ? 0.1 : 0,
                50 * MILLISECOND + random.nextLong(500 * MILLISECOND),
                4 * SECOND + random.nextLong(10 * SECOND));
    }

    private static List<NodeShape> nodes(RandomGenerator random, boolean fixedLeader) {
        int members = 1 + random.nextInt(MOST_MEMBERS);
        boolean priorities = random.nextInt(4) == 0;
        List<NodeShape> nodes = new ArrayList<>();
        int witnesses = 0;
        for (int i = 0; i < members; i++) {
            MemberKind kind = MemberKind.VOTER;
            if (fixedLeader) {
                kind = i == 0 ? MemberKind.VOTER : MemberKind.LEARNER;
            } else if (i > 0) {
                kind = switch (random.nextInt(10)) {
                    case 0 -> MemberKind.LEARNER;
                    case 1 -> MemberKind.SPARE;
                    case 2 -> MemberKind.WITNESS;
                    default -> MemberKind.VOTER;
                };
            }
            witnesses += kind == MemberKind.WITNESS ? 1 : 0;
            if (kind == MemberKind.WITNESS && witnesses > 1) {
                kind = MemberKind.VOTER;
            }
            nodes.add(new NodeShape(kind, priorities ? random.nextInt(3) : 1));
        }
        return nodes;
    }

    /** Lets a voter be away from the founding on, where the others are a majority, in one of three worlds. */
    private static List<NodeShape> withAbsentVoter(RandomGenerator random, List<NodeShape> nodes) {
        long voters = nodes.stream().filter(node -> node.kind().votes()).count();
        int last = nodes.size() - 1;
        if (random.nextInt(3) != 0 || voters < 3 || nodes.get(last).kind() != MemberKind.VOTER) {
            return nodes;
        }
        List<NodeShape> changed = new ArrayList<>(nodes);
        changed.set(last, new NodeShape(MemberKind.VOTER, nodes.get(last).priority(), true));
        return changed;
    }

    private static ReplicaConfig.Timing timing(RandomGenerator random) {
        long election = random.nextBoolean() ? SECOND : 300 * MILLISECOND;
        return new ReplicaConfig.Timing(election / 10, election, 5 * election, 5 * MILLISECOND);
    }

    private static ReplicaConfig.Limits limits(RandomGenerator random, boolean fewKeys) {
        boolean tight = random.nextInt(3) == 0;
        return new ReplicaConfig.Limits(
                tight ? 1_000 : 64 << 10,
                tight ? 2 : 8,
                tight ? 4_000 : 512 << 10,
                tight ? 4_000 : 1 << 20,
                tight ? 50_000 : 8 << 20,
                tight ? 20 : 1_000,
                // as many clients are remembered as keys, and there are up to six
                fewKeys ? 8 + random.nextInt(12) : 100_000,
                random.nextBoolean() ? 10_000 : 1 << 20);
    }

    private static StorageOptions storage(RandomGenerator random) {
        int segment = random.nextBoolean() ? 8 << 10 : 64 << 10;
        return new StorageOptions(segment, 4 << 10, 16 << 10, 1 << 10, 4 << 10);
    }

    private static Scenario.NetworkShape network(RandomGenerator random) {
        boolean bad = random.nextInt(3) == 0;
        return new Scenario.NetworkShape(
                200_000,
                bad ? 10 * MILLISECOND : 2 * MILLISECOND,
                bad ? random.nextDouble() * 0.1 : 0.001,
                bad ? random.nextDouble() * 0.1 : 0.001,
                bad ? 0.02 : 0.001);
    }

    private static Scenario.DiskShape disk(RandomGenerator random) {
        return new Scenario.DiskShape(
                300_000, random.nextBoolean() ? 3 * MILLISECOND : 15 * MILLISECOND, random.nextDouble() * 0.02);
    }

    private static Set<Fault> faults(RandomGenerator random, boolean fixedLeader) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (random.nextInt(3) == 0) {
                faults.add(fault);
            }
        }
        if (fixedLeader) {
            faults.remove(Fault.MEMBERSHIP_CHANGE);
            faults.remove(Fault.TRANSFER);
        }
        return faults;
    }
}
