package io.replog.core.protocol;

import io.replog.core.quorum.NodeId;

/**
 * A message with what every peer message carries. Messages may be lost, doubled, delayed and reordered; the replica
 * takes them in any order.
 *
 * @param cluster     cluster of the sender, {@link ClusterId#NONE} from a blank node
 * @param from        the sender
 * @param incarnation identity of the sender's disk
 * @param term        the sender's current term
 * @param message     what it says
 */
public record PeerEnvelope(ClusterId cluster, NodeId from, long incarnation, long term, PeerMessage message) {}
