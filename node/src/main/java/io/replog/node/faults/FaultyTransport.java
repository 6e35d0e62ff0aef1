package io.replog.node.faults;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.node.peer.PeerTransport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A transport that loses, doubles and blocks messages. The rates apply to requests that come in: one that is dropped is
 * not worked on; where its reply is dropped, or it ends in an error, it was. Messages are one-way, so both look the same
 * to the peer: it hears nothing.
 */
public final class FaultyTransport implements PeerTransport {
    private final PeerTransport delegate;
    private final Faults faults;
    private final RandomGenerator random;

    /** @param random decides which messages are hit; used by the owner's thread alone */
    public FaultyTransport(PeerTransport delegate, Faults faults, RandomGenerator random) {
        this.delegate = delegate;
        this.faults = faults;
        this.random = random;
    }

    @Override
    public void send(NodeId to, PeerEnvelope envelope) {
        FaultSettings.Peers peers = faults.settings().peers();
        if (peers.cutsTo(to) || isWithheld(peers, to, envelope)) {
            return;
        }
        if (isReply(envelope.message()) && (hits(peers.dropReplies()) || hits(peers.errorRate()))) {
            return;
        }
        delegate.send(to, envelope);
    }

    @Override
    public void poll(long timeoutNanos, Consumer<PeerEnvelope> receiver) {
        delegate.poll(timeoutNanos, envelope -> received(envelope, receiver));
    }

    private void received(PeerEnvelope envelope, Consumer<PeerEnvelope> receiver) {
        FaultSettings.Peers peers = faults.settings().peers();
        if (peers.cutsFrom(envelope.from()) || isWithheld(peers, envelope.from(), envelope)) {
            return;
        }
        if (isReply(envelope.message())) {
            receiver.accept(envelope);
            return;
        }
        if (hits(peers.dropRequests())) {
            return;
        }
        receiver.accept(envelope);
        if (hits(peers.duplicate())) {
            receiver.accept(envelope);
        }
    }

    private boolean hits(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    private static boolean isWithheld(FaultSettings.Peers peers, NodeId peer, PeerEnvelope envelope) {
        return envelope.message().carriesEntries() && peers.blockEntries().contains(peer);
    }

    private static boolean isReply(PeerMessage message) {
        return switch (message) {
            case PeerMessage.HelloReply _,
                    PeerMessage.Vote _,
                    PeerMessage.AppendReply _,
                    PeerMessage.HeartbeatReply _,
                    PeerMessage.ReadIndexReply _ -> true;
            case PeerMessage.Hello _,
                    PeerMessage.PreVote _,
                    PeerMessage.RequestVote _,
                    PeerMessage.AppendEntries _,
                    PeerMessage.Heartbeat _,
                    PeerMessage.ReadIndex _,
                    PeerMessage.TimeoutNow _ -> false;
        };
    }

    @Override
    public void members(Membership membership) {
        delegate.members(membership);
    }

    @Override
    public void flush() {
        delegate.flush();
    }

    @Override
    public void wakeup() {
        delegate.wakeup();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
