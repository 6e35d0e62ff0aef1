package io.replog.node.web;

import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import java.time.Duration;

/**
 * What the HTTP edge needs to know.
 *
 * @param self             this node's id
 * @param writeConcern     of a message that names none
 * @param kvWriteConcern   of a key-value write that names none
 * @param maxMessageBytes  the longest message or value, in bytes of UTF-8
 * @param leaderWait       how long a request that needs the leader waits for one to appear
 * @param maxBodiesBytes   how many bytes of large request bodies are in memory at once; above it: 429
 * @param keepAlive        how often a stream without events sends a comment
 * @param forwardTimeout   how long connecting to the leader may take
 */
public record WebSettings(
        NodeId self,
        WriteConcern writeConcern,
        WriteConcern kvWriteConcern,
        int maxMessageBytes,
        Duration leaderWait,
        long maxBodiesBytes,
        Duration keepAlive,
        Duration forwardTimeout) {

    /** Messages in a batch, at most. */
    public static final int MAX_BATCH_MESSAGES = 10_000;

    /** Bytes of a batch, at most. */
    public static final int MAX_BATCH_BYTES = 16 * 1024 * 1024;

    /** With another interval between the comments of a quiet stream. */
    public WebSettings withKeepAlive(Duration newKeepAlive) {
        return new WebSettings(
                self,
                writeConcern,
                kvWriteConcern,
                maxMessageBytes,
                leaderWait,
                maxBodiesBytes,
                newKeepAlive,
                forwardTimeout);
    }

    /** The longest body whose text is at most {@link #maxMessageBytes}: in JSON each byte may take six. */
    public int maxJsonBytes() {
        return Math.toIntExact(Math.min(6L * maxMessageBytes + 1024, Integer.MAX_VALUE - 16));
    }

    /**
     * The settings with what follows from the others.
     *
     * @param electionTimeout a failover takes one to two of it, and a little; a request waits three for a leader
     */
    public static WebSettings of(
            NodeId self,
            WriteConcern writeConcern,
            WriteConcern kvWriteConcern,
            int maxMessageBytes,
            Duration electionTimeout) {
        return new WebSettings(
                self,
                writeConcern,
                kvWriteConcern,
                maxMessageBytes,
                electionTimeout.multipliedBy(3),
                Math.max(Runtime.getRuntime().maxMemory() / 4, 2L * MAX_BATCH_BYTES),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1));
    }
}
