package io.replog.node.engine;

import io.replog.core.replica.Effect;
import io.replog.core.replica.ReplicaStatus;

/**
 * Hears what the replica reports for logs, events and metrics. Called by the replica's thread where nothing else is said;
 * returns at once.
 */
public interface EngineListener {
    void roleChanged(Effect.RoleChanged change, ReplicaStatus status);

    void membershipChanged(Effect.MembershipChanged change, ReplicaStatus status);

    void stranded(Effect.Stranded effect, ReplicaStatus status);

    void peerRejected(Effect.PeerRejected effect, ReplicaStatus status);

    /** The disk has no room for the log, or has room again; told once each. Called by any thread. */
    void diskFull(boolean full, ReplicaStatus status);

    /** Called after each batch of inputs that changed the status. */
    void published(ReplicaStatus previous, ReplicaStatus status);
}
