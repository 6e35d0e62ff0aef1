package io.replog.node.peer;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.util.function.Consumer;

/**
 * Carries messages between this node and its peers, best effort: a message may be lost, never changed; messages of one
 * lane arrive in order. Owned by one thread, which does all I/O in {@link #poll}; only {@link #wakeup} may be called by
 * others.
 */
public interface PeerTransport extends AutoCloseable {
    /** No time-out for {@link #poll}. */
    long FOREVER = Long.MAX_VALUE;

    /** Sets whom this node can reach and where; those reachable before stay so unless they moved. */
    void members(Membership membership);

    /** Queues a message; it leaves with the next {@link #flush} or {@link #poll}. Never blocks. */
    void send(NodeId to, PeerEnvelope envelope);

    /** Writes what the network takes now. Never blocks. */
    void flush();

    /**
     * Sends and receives; waits until something came, {@link #wakeup} was called or the time is over. May return early.
     *
     * @param timeoutNanos 0 or less to not wait
     * @param receiver     is given the messages that came, before the method returns
     */
    void poll(long timeoutNanos, Consumer<PeerEnvelope> receiver);

    /** Makes the {@link #poll} that is under way, or else the next one, return at once. From any thread. */
    void wakeup();

    @Override
    void close();
}
