package io.replog.simulation.world;

import io.replog.core.quorum.MemberKind;
import io.replog.core.replica.ReplicaConfig;
import io.replog.storage.StorageOptions;
import java.util.List;
import java.util.Set;

/**
 * The shape of a world. Times are in nanoseconds, rates are probabilities.
 *
 * @param nodes       the members at the founding; the first one is the founder
 * @param strangers   nodes that are no members at first and may be added
 * @param fixedLeader {@code replog.failover=false}
 * @param timing      of all replicas
 * @param limits      of all replicas
 * @param storage     sizes of all logs
 * @param network     the network
 * @param disk        the disks
 * @param maxDrift    how much faster or slower than real a clock may run, as a share
 * @param faults      what goes wrong
 * @param clients     how many clients there are
 * @param keys        how many keys they share
 * @param keyAbuse    share of writes with a request key that take one that was used before, and of those acknowledged
 *                    that are sent once more
 * @param thinkTime   longest pause of a client between two operations
 * @param trouble     how long things go wrong, before everything is healed
 */
public record Scenario(
        List<NodeShape> nodes,
        int strangers,
        boolean fixedLeader,
        ReplicaConfig.Timing timing,
        ReplicaConfig.Limits limits,
        StorageOptions storage,
        NetworkShape network,
        DiskShape disk,
        double maxDrift,
        FaultShape faults,
        int clients,
        int keys,
        double keyAbuse,
        long thinkTime,
        long trouble) {

    public Scenario {
        nodes = List.copyOf(nodes);
    }

    /**
     * One member at the founding.
     *
     * @param absent whether it never is up before everything is healed
     */
    public record NodeShape(MemberKind kind, int priority, boolean absent) {
        public NodeShape(MemberKind kind, int priority) {
            this(kind, priority, false);
        }
    }

    /**
     * @param slowRate messages that take up to a hundred times as long, and so are overtaken
     */
    public record NetworkShape(
            long minLatency, long maxLatency, double dropRate, double duplicateRate, double slowRate) {}

    /** @param slowRate forces that take up to fifty times as long */
    public record DiskShape(long minForce, long maxForce, double slowRate) {}

    /**
     * @param kinds    what may go wrong
     * @param pause    mean time between two faults
     * @param downTime how long a process that was killed stays down at most
     */
    public record FaultShape(Set<Fault> kinds, long pause, long downTime) {
        public FaultShape {
            kinds = Set.copyOf(kinds);
        }
    }

    /** What may go wrong. */
    public enum Fault {
        /** A process is killed and starts again; the disk may keep what was not forced, or a part of it. */
        CRASH,
        /** The power goes in the midst of one of the next calls to the disk. */
        POWER_CUT,
        /** All processes are killed at one moment. */
        POWER_LOSS,
        /** A process stands still and goes on as if nothing had been. */
        PAUSE,
        /** A node comes back with an empty disk. */
        BLANK_DISK,
        /** A bit of the log flips while the node is down. */
        DAMAGED_LOG,
        /** A force fails: the node halts. */
        FAILING_FORCE,
        FULL_DISK,
        SLOW_DISK,
        /** The nodes are cut into two parts. */
        PARTITION,
        /** Nothing passes in one direction between two nodes. */
        ONE_WAY_CUT,
        /** One node, mostly the leader, hears and is heard by nobody. */
        ISOLATION,
        CLOCK_DRIFT,
        MEMBERSHIP_CHANGE,
        TRANSFER,
        /** A node hands over, stops and starts again. */
        GRACEFUL_RESTART
    }
}
