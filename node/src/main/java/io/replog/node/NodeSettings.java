package io.replog.node;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.ReplicaConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The settings, checked, and in the kernel's words.
 *
 * @param self            this node as the settings have it
 * @param dataDir         folder of all that the node stores
 * @param writeConcern    of a message that names none
 * @param kvWriteConcern  of a key-value write that names none
 * @param delay           before replicated entries are stored, not negative
 * @param maxMessageBytes of one message or value
 * @param textPort        0 for none
 * @param faultsEnabled   whether {@code /faults} is served
 * @param clusterSecret   what peers must show, null for nothing
 * @param replica         what the replica is told
 * @param limits          bounds of the shell's own queues and files
 */
public record NodeSettings(
        Member self,
        Path dataDir,
        WriteConcern writeConcern,
        WriteConcern kvWriteConcern,
        Duration delay,
        int maxMessageBytes,
        int textPort,
        boolean faultsEnabled,
        @Nullable String clusterSecret,
        ReplicaConfig replica,
        ReplogProperties.Limits limits) {

    private static final String DURATION = "accepted are durations with their unit, such as 100ms, 5s or 1m, ";

    /** The most bytes of one batch of messages, as the HTTP contract has it. */
    private static final int MAX_BATCH_BYTES = 16 << 20;

    /** @throws InvalidSettingException for the first setting that a node cannot start with */
    public static NodeSettings of(ReplogProperties properties) {
        NodeId id = nodeId(properties.nodeId());
        Membership members =
                new MemberList(id, properties.failover(), properties.founder()).parse(properties.members());
        Member self = members.find(id).orElseThrow();
        requirePositive("replog.heartbeat-interval", properties.heartbeatInterval());
        requirePositive("replog.election-timeout", properties.electionTimeout());
        requirePositive("replog.spare-after", properties.spareAfter());
        requirePositive("replog.limits.commit-notice", properties.limits().commitNotice());
        requirePositive("replog.limits.batch-wait", properties.limits().batchWait());
        requirePositive("replog.limits.drain-timeout", properties.limits().drainTimeout());
        if (properties
                        .electionTimeout()
                        .compareTo(properties.heartbeatInterval().multipliedBy(2))
                < 0) {
            throw new InvalidSettingException(
                    "replog.election-timeout",
                    properties.electionTimeout().toMillis() + "ms",
                    "accepted is at least twice replog.heartbeat-interval, which is "
                            + properties.heartbeatInterval().toMillis() + "ms");
        }
        if (properties.delay().isNegative()) {
            throw new InvalidSettingException("replog.delay", properties.delay().toString(), DURATION + "from 0s");
        }
        if (properties.textPort() < 0 || properties.textPort() > 65_535) {
            throw new InvalidSettingException(
                    "replog.text-port", Integer.toString(properties.textPort()), "accepted are 0 (off) to 65535");
        }
        require("replog.text.max-connections", properties.text().maxConnections(), 1, 1_000_000);
        require("replog.text.max-pipelined", properties.text().maxPipelined(), 1, 1_000_000);
        requirePositive("replog.text.command-timeout", properties.text().commandTimeout());
        requirePositive("replog.text.write-timeout", properties.text().writeTimeout());
        int keys = require("replog.idempotency.keys", properties.idempotency().keys(), 1, 100_000_000);
        String secret = properties.clusterSecret();
        if (secret != null && !secret.matches("[\\x21-\\x7e]{1,1024}")) {
            throw new InvalidSettingException(
                    "replog.cluster-secret", "(not shown)", "accepted are 1 to 1024 visible ASCII characters");
        }
        ReplicaConfig replica = new ReplicaConfig(
                id,
                members,
                properties.founder(),
                !properties.failover(),
                timing(properties),
                limits(properties.limits(), keys));
        return new NodeSettings(
                self,
                dataDir(properties),
                writeConcern("replog.write-concern", properties.writeConcern(), members),
                writeConcern("replog.kv.write-concern", properties.kv().writeConcern(), members),
                properties.delay(),
                bytes("replog.max-message-size", properties.maxMessageSize(), 1, 64 << 20),
                properties.textPort(),
                properties.faults().enabled(),
                secret,
                replica,
                properties.limits());
    }

    /** This node's id. */
    public NodeId id() {
        return self.id();
    }

    /** The most bytes of one message from a peer that can be right. */
    public int maxPeerFrameBytes() {
        return replica.limits().batchBytes() + Math.max(MAX_BATCH_BYTES, maxMessageBytes) * 2;
    }

    private static NodeId nodeId(String text) {
        try {
            return new NodeId(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    "replog.node-id", text, "accepted are 1 to 64 letters, digits, dots, underscores and hyphens");
        }
    }

    private static Path dataDir(ReplogProperties properties) {
        String text = properties.dataDir();
        if (text == null || text.isBlank()) {
            return Path.of("data", properties.nodeId());
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidSettingException("replog.data-dir", text, "accepted is the path of a folder");
        }
    }

    private static WriteConcern writeConcern(String property, String text, Membership members) {
        WriteConcern w;
        try {
            w = WriteConcern.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(property, text, WriteConcern.ACCEPTED);
        }
        int most = members.dataBearingCount();
        if (w instanceof WriteConcern.Count count && count.members() > most) {
            throw new InvalidSettingException(
                    property, text, WriteConcern.ACCEPTED + "; replog.members has " + most + " that bear data");
        }
        return w;
    }

    private static ReplicaConfig.Timing timing(ReplogProperties properties) {
        return new ReplicaConfig.Timing(
                properties.heartbeatInterval().toNanos(),
                properties.electionTimeout().toNanos(),
                properties.spareAfter().toNanos(),
                properties.limits().commitNotice().toNanos());
    }

    private static ReplicaConfig.Limits limits(ReplogProperties.Limits limits, int keys) {
        String prefix = "replog.limits.";
        require(prefix + "inbox", limits.inbox(), 16, 1_000_000);
        require(prefix + "events", limits.events(), 1, 1_000_000);
        bytes(prefix + "segment-bytes", limits.segmentBytes(), 1 << 16, 1 << 30);
        return new ReplicaConfig.Limits(
                bytes(prefix + "batch-bytes", limits.batchBytes(), 1 << 10, 16 << 20),
                require(prefix + "in-flight-batches", limits.inFlightBatches(), 1, 10_000),
                bytes(prefix + "in-flight-bytes", limits.inFlightBytes(), 1 << 10, 1 << 30),
                bytes(prefix + "tail-bytes", limits.tailBytes(), 1 << 10, 1 << 30),
                bytes(prefix + "uncommitted-bytes", limits.uncommittedBytes(), 1 << 10, 1 << 30),
                require(prefix + "waiting", limits.waiting(), 1, 1_000_000),
                keys,
                bytes(prefix + "snapshot-bytes", limits.snapshotBytes(), 1 << 10, Integer.MAX_VALUE));
    }

    private static void requirePositive(String property, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new InvalidSettingException(property, value.toString(), DURATION + "above 0 and up to a day");
        }
    }

    private static int bytes(String property, DataSize value, int least, int most) {
        return require(property, value.toBytes(), least, most);
    }

    private static int require(String property, long value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidSettingException(
                    property, Long.toString(value), "accepted are whole numbers from " + least + " to " + most);
        }
        return (int) value;
    }
}
