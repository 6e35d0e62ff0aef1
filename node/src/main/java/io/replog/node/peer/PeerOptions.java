package io.replog.node.peer;

import io.replog.core.quorum.NodeId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a transport is told.
 *
 * @param self          this node
 * @param selfUrl       where peers reach it
 * @param clusterSecret shown to peers and asked of them, null for none
 * @param maxFrameBytes of one message that can be right
 * @param queueBytes    that wait for one lane of a peer; what comes above is dropped
 * @param silence       after which a peer that does not answer a ping counts as gone, and its stream is opened anew
 */
public record PeerOptions(
        NodeId self,
        String selfUrl,
        @Nullable String clusterSecret,
        int maxFrameBytes,
        long queueBytes,
        Duration silence) {}
