package io.replog.node.peer;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessageCodec;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport over HTTP/1.1 connections that are upgraded to streams of frames, two to each peer. All its sockets hang
 * on one selector, and the thread that owns the replica does the I/O itself: between a peer's bytes and the replica there
 * is no other thread to be woken.
 */
public final class SocketTransport implements PeerTransport, IncomingStreams {
    private static final Logger LOG = LoggerFactory.getLogger(SocketTransport.class);
    private static final int BUFFER_BYTES = 256 << 10;
    private static final Duration FIRST_RETRY = Duration.ofMillis(10);
    private static final Duration LAST_RETRY = Duration.ofMillis(250);

    /** Peers that introduced themselves and are in no membership yet; beyond so many they are not answered. */
    private static final int MAX_STRANGERS = 100;

    private record Adopted(NodeId peer, String url, SocketChannel channel, Runnable closer) {}

    private record Peer(String url, OutboundStream control, OutboundStream entries, PeerCounters counters) {}

    private final PeerOptions options;
    private final RandomGenerator random;
    private final Selector selector;
    private final WakeUp wakeUp;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Map<NodeId, Peer> peers = new HashMap<>();
    private final Map<NodeId, PeerCounters> counters = new ConcurrentHashMap<>();
    private final Set<InboundStream> inbound = new HashSet<>();
    private final Queue<Adopted> adopted = new ConcurrentLinkedQueue<>();
    private final long tickNanos;
    private Consumer<PeerEnvelope> receiver = envelope -> {};
    private long nextTick;
    private int strangers;
    private @Nullable PeerEnvelope lastEncoded;
    private byte[] lastFrame = {};
    private volatile boolean closed;

    /** @param random for the jitter of waits */
    public SocketTransport(PeerOptions options, RandomGenerator random) {
        this.options = options;
        this.random = random;
        this.tickNanos = options.silence().toNanos() / 8;
        this.nextTick = System.nanoTime();
        try {
            this.selector = Selector.open();
            this.wakeUp = new WakeUp(selector);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts of the streams to each peer. Thread-safe. */
    public Map<NodeId, PeerCounters> counters() {
        return Map.copyOf(counters);
    }

    @Override
    public void members(Membership membership) {
        for (Member member : membership.members()) {
            Peer known = peers.get(member.id());
            if (member.id().equals(options.self())
                    || (known != null && known.url().equals(member.url()))) {
                continue;
            }
            if (known != null) {
                known.control().close();
                known.entries().close();
            }
            peers.put(member.id(), peer(member.id(), member.url()));
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // one message that goes to several peers is encoded once
    public void send(NodeId to, PeerEnvelope envelope) {
        Peer peer = peers.get(to);
        if (peer == null) {
            return;
        }
        if (lastEncoded != envelope) {
            lastFrame = PeerMessageCodec.encode(envelope);
            lastEncoded = envelope;
        }
        OutboundStream stream = envelope.message().carriesEntries() ? peer.entries() : peer.control();
        stream.send(lastFrame, System.nanoTime());
    }

    @Override
    public void flush() {
        lastEncoded = null;
        lastFrame = new byte[0];
        long now = System.nanoTime();
        for (Peer peer : peers.values()) {
            peer.control().flush(now, buffer);
            peer.entries().flush(now, buffer);
        }
    }

    @Override
    public void poll(long timeoutNanos, Consumer<PeerEnvelope> to) {
        receiver = to;
        adoptWaiting();
        flush();
        try {
            select(timeoutNanos);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long now = System.nanoTime();
        if (now - nextTick >= 0) {
            nextTick = now + tickNanos;
            peers.values().forEach(peer -> {
                peer.control().tick(now);
                peer.entries().tick(now);
            });
        }
        adoptWaiting();
    }

    private void select(long timeoutNanos) throws IOException {
        if (timeoutNanos <= 0) {
            selector.selectNow(this::ready);
            return;
        }
        long wait = timeoutNanos;
        if (isActive()) {
            wait = Math.min(wait, nextTick - System.nanoTime());
        }
        // Rounded up: a selector counts in milliseconds, and waking up early would spin until the time has come.
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
        selector.select(this::ready, millis);
    }

    private boolean isActive() {
        for (Peer peer : peers.values()) {
            if (peer.control().isActive() || peer.entries().isActive()) {
                return true;
            }
        }
        return false;
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Selectable selectable) {
            selectable.ready(System.nanoTime(), buffer);
        }
    }

    @Override
    public void wakeup() {
        wakeUp.signal();
    }

    @Override
    public void adopt(NodeId peer, String url, SocketChannel channel, Runnable closer) {
        adopted.add(new Adopted(peer, url, channel, closer));
        if (closed) {
            closer.run();
        } else {
            wakeUp.signal();
        }
    }

    private void adoptWaiting() {
        for (Adopted next = adopted.poll(); next != null; next = adopted.poll()) {
            InboundStream stream = new InboundStream(
                    next.peer(),
                    next.channel(),
                    next.closer(),
                    options.maxFrameBytes(),
                    envelope -> receiver.accept(envelope),
                    inbound::remove);
            try {
                next.channel().register(selector, SelectionKey.OP_READ, stream);
                inbound.add(stream);
            } catch (ClosedChannelException e) {
                LOG.debug("{} closed its stream at once", next.peer());
                next.closer().run();
            }
            Peer known = peers.get(next.peer());
            if (known == null) {
                introduce(next.peer(), next.url());
            } else {
                known.control().retryNow(System.nanoTime());
                known.entries().retryNow(System.nanoTime());
            }
        }
    }

    /**
     * A peer of whom no membership that is known here speaks may be answered where it says that it is: a node with an
     * empty disk knows its settings alone, and who leads now may have joined since they were written.
     */
    private void introduce(NodeId id, String url) {
        if (url.isEmpty() || id.equals(options.self()) || strangers == MAX_STRANGERS) {
            return;
        }
        try {
            peers.put(id, peer(id, url));
            strangers++;
        } catch (IllegalArgumentException e) {
            LOG.warn("{} introduces itself: {}", id, e.getMessage());
        }
    }

    private Peer peer(NodeId id, String url) {
        PeerCounters count = counters.computeIfAbsent(id, any -> new PeerCounters());
        return new Peer(url, stream(id, url, Lane.CONTROL, count), stream(id, url, Lane.ENTRIES, count), count);
    }

    private OutboundStream stream(NodeId id, String url, Lane lane, PeerCounters count) {
        PeerAddress address = new PeerAddress(url, wakeUp::signal);
        Backoff backoff = new Backoff(FIRST_RETRY, LAST_RETRY, random);
        return new OutboundStream(id, lane, options, address, selector, backoff, count);
    }

    @Override
    public void close() {
        closed = true;
        peers.values().forEach(peer -> {
            peer.control().close();
            peer.entries().close();
        });
        Set.copyOf(inbound).forEach(InboundStream::close);
        for (Adopted next = adopted.poll(); next != null; next = adopted.poll()) {
            next.closer().run();
        }
        try {
            selector.close();
            wakeUp.close();
        } catch (IOException e) {
            LOG.debug("closing the selector", e);
        }
    }
}
