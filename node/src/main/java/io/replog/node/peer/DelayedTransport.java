package io.replog.node.peer;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets entries that a peer sent wait before the replica hears of them, each for the whole delay from when it came, so
 * that the waits overlap. Order is kept: what says where the log stands waits behind the entries that came before it.
 * Heartbeats and votes pass at once. The leader's window bounds what waits here; what it sends again meanwhile is the same
 * and is dropped.
 */
public final class DelayedTransport implements PeerTransport {
    private record Held(long due, PeerEnvelope envelope, PeerMessage.AppendEntries append) {
        boolean isSameAs(PeerEnvelope other, PeerMessage.AppendEntries otherAppend) {
            return envelope.term() == other.term()
                    && envelope.from().equals(other.from())
                    && append.prevIndex() == otherAppend.prevIndex()
                    && append.prevTerm() == otherAppend.prevTerm()
                    && lastIndex(append) == lastIndex(otherAppend);
        }

        private static long lastIndex(PeerMessage.AppendEntries append) {
            return append.entries().isEmpty()
                    ? append.prevIndex()
                    : append.entries().getLast().lastIndex();
        }
    }

    private final PeerTransport delegate;
    private final LongSupplier delayNanos;
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    /** @param delayNanos asked for each message, on the owner's thread; 0 for no delay */
    public DelayedTransport(PeerTransport delegate, LongSupplier delayNanos) {
        this.delegate = delegate;
        this.delayNanos = delayNanos;
    }

    @Override
    public void poll(long timeoutNanos, Consumer<PeerEnvelope> receiver) {
        long timeout = timeoutNanos;
        if (!held.isEmpty()) {
            timeout = Math.min(timeout, held.element().due() - System.nanoTime());
        }
        delegate.poll(timeout, envelope -> received(envelope, receiver));
        long now = System.nanoTime();
        while (!held.isEmpty() && held.element().due() - now <= 0) {
            receiver.accept(held.remove().envelope());
        }
    }

    private void received(PeerEnvelope envelope, Consumer<PeerEnvelope> receiver) {
        long delay = delayNanos.getAsLong();
        if (!(envelope.message() instanceof PeerMessage.AppendEntries append) || (delay <= 0 && held.isEmpty())) {
            receiver.accept(envelope);
            return;
        }
        if (held.isEmpty() && append.entries().isEmpty()) {
            receiver.accept(envelope);
            return;
        }
        for (Held waiting : held) {
            if (waiting.isSameAs(envelope, append)) {
                return;
            }
        }
        long due = System.nanoTime() + (append.entries().isEmpty() ? 0 : delay);
        held.add(new Held(held.isEmpty() ? due : Math.max(due, held.getLast().due()), envelope, append));
    }

    @Override
    public void members(Membership membership) {
        delegate.members(membership);
    }

    @Override
    public void send(NodeId to, PeerEnvelope envelope) {
        delegate.send(to, envelope);
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
