package io.replog.core.replica;

import io.replog.core.protocol.ClusterId;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.NodeId;
import java.util.HashSet;
import java.util.Set;

/**
 * Whose messages are taken: those of the own cluster. A blank node joins the first cluster that claims it, and that one of
 * the members which it is configured with belongs to: the claim itself may come from a member that joined since.
 */
final class Clusters {
    private record Rejection(NodeId peer, String reason) {}

    /** Peers and reasons that are remembered, so that each is told once. */
    private static final int REMEMBERED = 1_000;

    private final ReplicaState state;
    private final Set<Rejection> told = new HashSet<>();
    private ClusterId vouchedFor = ClusterId.NONE;
    private long unknownSince = Long.MAX_VALUE;

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
        refuse(envelope);
        // It may hear nothing else of this node: so both sides know.
        state.send(envelope.from(), new PeerMessage.HelloReply(state.log.durableIndex()));
        return false;
    }

    private void refuse(PeerEnvelope stranger) {
        String reason = stranger.from() + " belongs to cluster " + stranger.cluster() + ", this node's data to cluster "
                + state.cluster();
        reject(stranger.from(), reason);
        if (state.leader() == null && state.stranded == null) {
            state.stranded = reason;
            state.emit(new Effect.Stranded(reason));
        }
    }

    private boolean join(PeerEnvelope envelope) {
        if (!isConfigured(envelope.from()) && !envelope.cluster().equals(vouchedFor)) {
            inquire(envelope.from());
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

    private boolean isConfigured(NodeId node) {
        return state.config.configured().contains(node);
    }

    /** Asks the configured members which cluster they are of; that none of them vouches for {@code stranger} is told later. */
    private void inquire(NodeId stranger) {
        state.askConfigured();
        unknownSince = Math.min(unknownSince, state.now());
        if (state.now() - unknownSince > state.timing().electionTimeout()) {
            reject(
                    stranger,
                    stranger
                            + " is not among this node's members, and none of them is of its cluster, so it is not joined");
        }
    }

    void onHelloReply(PeerEnvelope envelope) {
        if (envelope.cluster().isNone()) {
            return;
        }
        if (!state.isBlank() && !envelope.cluster().equals(state.cluster())) {
            refuse(envelope);
        } else if (isConfigured(envelope.from())) {
            vouchedFor = envelope.cluster();
        }
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
