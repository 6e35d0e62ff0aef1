package io.replog.api.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code /faults}: what a node is to do wrong. Absent members do nothing.
 *
 * @param delay      how long the node waits before it stores a batch of replicated entries, as {@code 2s}; replaces the
 *                   setting
 * @param jitter     up to this much more, drawn at random
 * @param clients    what happens to clients' requests
 * @param peers      what happens between this node and its peers
 * @param crashAfter the process halts while it works on its n-th client write from now, after it stored it and before
 *                   it answers; at least 1
 * @param fsyncDelay how much longer each force of the log takes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Faults(
        @Nullable String delay,
        @Nullable String jitter,
        @Nullable ClientFaults clients,
        @Nullable PeerFaults peers,
        @Nullable Integer crashAfter,
        @Nullable String fsyncDelay) {
    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(null, null, null, null, null, null);
}
