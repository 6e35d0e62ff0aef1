package io.replog.api.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens between a node and its peers; shares, from 0 to 1, of what comes in from them.
 *
 * @param dropRequests not worked on
 * @param dropReplies  worked on, but not answered
 * @param errorRate    worked on, then refused
 * @param duplicate    worked on twice
 * @param block        ids of peers to or from which nothing passes
 * @param blockFrom    ids of peers from which nothing passes to the node
 * @param blockTo      ids of peers to which nothing passes from the node
 * @param blockEntries ids of peers to or from which heartbeats and votes pass, entries do not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PeerFaults(
        @Nullable Double dropRequests,
        @Nullable Double dropReplies,
        @Nullable Double errorRate,
        @Nullable Double duplicate,
        @Nullable List<String> block,
        @Nullable List<String> blockFrom,
        @Nullable List<String> blockTo,
        @Nullable List<String> blockEntries) {

    /** Nothing passes between the node and {@code peers}. */
    public static PeerFaults blocking(List<String> peers) {
        return new PeerFaults(null, null, null, null, peers, null, null, null);
    }

    /** Nothing passes from {@code peers} to the node, which they hear on. */
    public static PeerFaults deaf(List<String> peers) {
        return new PeerFaults(null, null, null, null, null, peers, null, null);
    }

    /** Nothing passes from the node to {@code peers}, which it hears on. */
    public static PeerFaults mute(List<String> peers) {
        return new PeerFaults(null, null, null, null, null, null, peers, null);
    }
}
