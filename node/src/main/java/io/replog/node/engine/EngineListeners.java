package io.replog.node.engine;

import io.replog.core.replica.Effect;
import io.replog.core.replica.ReplicaStatus;
import java.util.List;

/**
 * Several listeners as one, told in order.
 *
 * @param listeners who is told
 */
public record EngineListeners(List<EngineListener> listeners) implements EngineListener {
    @Override
    public void roleChanged(Effect.RoleChanged change, ReplicaStatus status) {
        listeners.forEach(listener -> listener.roleChanged(change, status));
    }

    @Override
    public void membershipChanged(Effect.MembershipChanged change, ReplicaStatus status) {
        listeners.forEach(listener -> listener.membershipChanged(change, status));
    }

    @Override
    public void stranded(Effect.Stranded effect, ReplicaStatus status) {
        listeners.forEach(listener -> listener.stranded(effect, status));
    }

    @Override
    public void peerRejected(Effect.PeerRejected effect, ReplicaStatus status) {
        listeners.forEach(listener -> listener.peerRejected(effect, status));
    }

    @Override
    public void diskFull(boolean full, ReplicaStatus status) {
        listeners.forEach(listener -> listener.diskFull(full, status));
    }

    @Override
    public void published(ReplicaStatus previous, ReplicaStatus status) {
        listeners.forEach(listener -> listener.published(previous, status));
    }
}
