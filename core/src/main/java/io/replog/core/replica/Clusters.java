package io.replog.core.replica;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.NodeId;
import java.util.HashSet;
import java.util.Set;

/** Whose messages are taken: those of the own cluster. A blank node joins the first cluster that claims it. */
final class Clusters {
    private record Rejection(NodeId peer, String reason) {}

    /** Peers and reasons that are remembered, so that each is told once. */
    private static final int REMEMBERED = 1_000;

    private final ReplicaState state;
    private final Set<Rejection> told = new HashSet<>();

    Clusters(ReplicaState state) {
        this.state = state;
    }

    /** Whether the message is to be worked on. Hellos are answered by everyone and do not come here. */
    boolean admit(PeerEnvelope envelope) {
        if (envelope.cluster().isNone()) {
            return false;
        }
        if (state.isBlank()) {
            return join(envelope);
        }
        if (envelope.cluster().equals(state.cluster())) {
            return true;
        }
        String reason = envelope.from() + " belongs to cluster " + envelope.cluster() + ", this node's data to cluster "
                + state.cluster();
        reject(envelope.from(), reason);
        if (state.leader() == null && state.stranded == null) {
            state.stranded = reason;
            state.emit(new Effect.Stranded(reason));
        }
        return false;
    }

    private boolean join(PeerEnvelope envelope) {
        if (!state.config.configured().contains(envelope.from())) {
            reject(
                    envelope.from(),
                    envelope.from() + " is not among this node's members, so its cluster is not joined");
            return false;
        }
        // A blank fixed leader is stranded where others hold data: nobody else may lead.
        boolean fixed = state.config.fixedLeader() && state.config.founder();
        if (fixed || !claims(envelope.message())) {
            return false;
        }
        state.joinCluster(envelope.cluster());
        return true;
    }

    /** Whether the sender leads, or its membership has this very disk as a voter's. */
    private boolean claims(PeerMessage message) {
        return switch (message) {
            case PeerMessage.AppendEntries _, PeerMessage.Heartbeat _ -> true;
            case PeerMessage.PreVote ask -> ask.voterIncarnation() == state.incarnation();
            case PeerMessage.RequestVote ask -> ask.voterIncarnation() == state.incarnation();
            case PeerMessage.Hello _,
                    PeerMessage.HelloReply _,
                    PeerMessage.Vote _,
                    PeerMessage.AppendReply _,
                    PeerMessage.HeartbeatReply _,
                    PeerMessage.ReadIndex _,
                    PeerMessage.ReadIndexReply _,
                    PeerMessage.TimeoutNow _ -> false;
        };
    }

    private void reject(NodeId peer, String reason) {
        if (told.size() < REMEMBERED && told.add(new Rejection(peer, reason))) {
            state.emit(new Effect.PeerRejected(peer, reason));
        }
    }
}
