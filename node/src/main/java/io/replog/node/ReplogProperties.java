package io.replog.node;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings as they are written; {@link NodeSettings} is what they mean. A name that is not here stops the start,
 * for a setting with a typing error in it would otherwise be ignored.
 *
 * @param nodeId            this node's id
 * @param members           {@code id=url}, each with optional {@code ;kind=…} and {@code ;priority=N}
 * @param failover          whether another node takes over when the leader is gone
 * @param dataDir           folder of log, hard state, snapshots and rollbacks; {@code data/<node-id>} where it is not set
 * @param writeConcern      of a message that names none
 * @param kv                settings of the key-value store
 * @param delay             how long this node waits before it stores replicated entries
 * @param heartbeatInterval between two heartbeats of a leader
 * @param electionTimeout   a time-out is drawn from [1, 2] × this
 * @param spareAfter        how long a voter is unhealthy before a spare steps in
 * @param maxMessageSize    of one message or value; above it: 413
 * @param textPort          of the RESP / line port, 0 for none
 * @param text              bounds of the text port
 * @param faults            faults on purpose
 * @param clusterSecret     what peers must show, null for nothing
 * @param idempotency       deduplication
 * @param founder           whether this node founds the cluster where there is none; the master application sets it
 * @param limits            bounds of queues, batches, waits and files
 */
@ConfigurationProperties(prefix = "replog", ignoreUnknownFields = false)
public record ReplogProperties(
        @DefaultValue("node") String nodeId,

        @DefaultValue({
            "master=http://127.0.0.1:5000",
            "secondary-1=http://127.0.0.1:5001",
            "secondary-2=http://127.0.0.1:5002"
        })
        List<String> members,

        @DefaultValue("true") boolean failover,
        @Nullable String dataDir,
        @DefaultValue("all") String writeConcern,
        @DefaultValue Kv kv,
        @DefaultValue("0s") Duration delay,
        @DefaultValue("100ms") Duration heartbeatInterval,
        @DefaultValue("1s") Duration electionTimeout,
        @DefaultValue("5s") Duration spareAfter,
        @DefaultValue("1MB") DataSize maxMessageSize,
        @DefaultValue("0") int textPort,
        @DefaultValue Text text,
        @DefaultValue Faults faults,
        @Nullable String clusterSecret,
        @DefaultValue Idempotency idempotency,
        @DefaultValue("false") boolean founder,
        @DefaultValue Limits limits) {

    /** @param writeConcern of a key-value write that names none */
    public record Kv(@DefaultValue("majority") String writeConcern) {}

    /**
     * @param maxConnections beyond which the one that has been idle for longest is closed
     * @param maxPipelined   commands of one connection that wait or are worked on
     * @param commandTimeout how long a command may take to arrive once it has begun
     * @param writeTimeout   how long a client may leave answers unread
     */
    public record Text(
            @DefaultValue("1000") int maxConnections,
            @DefaultValue("1000") int maxPipelined,
            @DefaultValue("30s") Duration commandTimeout,
            @DefaultValue("30s") Duration writeTimeout) {}

    /** @param enabled whether {@code /faults} is served */
    public record Faults(@DefaultValue("false") boolean enabled) {}

    /** @param keys how many idempotency keys, and how many clients, are remembered */
    public record Idempotency(@DefaultValue("100000") int keys) {}

    /**
     * @param waiting           writes that wait for acknowledgement on the leader; above it: 429
     * @param inbox             requests on their way to the replica; above it: 429
     * @param tailBytes         newest entries kept in memory
     * @param batchBytes        entries of one message to a peer, unless a single entry is larger
     * @param inFlightBatches   batches on the way to one peer
     * @param inFlightBytes     bytes on the way to one peer, and bound of what waits in its send queue
     * @param uncommittedBytes  of a leader's log beyond which it refuses writes
     * @param snapshotBytes     of log between two state snapshots
     * @param segmentBytes      of one file of the log
     * @param commitNotice      how long a leader waits for an append to carry a new commit index
     * @param batchWait         how long appends wait at most to share a batch
     * @param drainTimeout      how long a stopping node waits for its waiting requests
     * @param events            newest cluster events that are kept
     */
    public record Limits(
            @DefaultValue("5000") int waiting,
            @DefaultValue("10000") int inbox,
            @DefaultValue("2MB") DataSize tailBytes,
            @DefaultValue("1MB") DataSize batchBytes,
            @DefaultValue("16") int inFlightBatches,
            @DefaultValue("8MB") DataSize inFlightBytes,
            @DefaultValue("64MB") DataSize uncommittedBytes,
            @DefaultValue("64MB") DataSize snapshotBytes,
            @DefaultValue("64MB") DataSize segmentBytes,
            @DefaultValue("10ms") Duration commitNotice,
            @DefaultValue("2ms") Duration batchWait,
            @DefaultValue("5s") Duration drainTimeout,
            @DefaultValue("1000") int events) {}
}
