package io.replog.node.peer;

import io.replog.core.quorum.NodeId;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane to one peer: an HTTP/1.1 connection that is upgraded to a stream of frames. It connects when there is something
 * to send. Messages that wait when a connection breaks are lost, as any may be. Owned by the transport's thread.
 *
 * <p>CLOSED → RESOLVING → CONNECTING → OPENING → OPEN, and from each back to CLOSED.
 */
final class OutboundStream implements Selectable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundStream.class);
    private static final int MAX_RESPONSE_HEAD_BYTES = 8 << 10;
    private static final byte[] PING = {};

    private enum State {
        CLOSED,
        RESOLVING,
        CONNECTING,
        OPENING,
        OPEN
    }

    private final NodeId peer;
    private final Lane lane;
    private final PeerOptions options;
    private final PeerAddress address;
    private final Selector selector;
    private final Backoff backoff;
    private final PeerCounters counters;
    private final FrameQueue queue;
    private final StringBuilder responseHead = new StringBuilder();

    private State state = State.CLOSED;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private long retryAt = System.nanoTime();
    private long nextPingAt;
    private long aliveAt;
    private boolean stalled;
    private boolean refusalLogged;

    OutboundStream(
            NodeId peer,
            Lane lane,
            PeerOptions options,
            PeerAddress address,
            Selector selector,
            Backoff backoff,
            PeerCounters counters) {
        this.peer = peer;
        this.lane = lane;
        this.options = options;
        this.address = address;
        this.selector = selector;
        this.backoff = backoff;
        this.counters = counters;
        this.queue = new FrameQueue(options.queueBytes());
    }

    void send(byte[] frame, long now) {
        if (state == State.CLOSED && now - retryAt < 0) {
            counters.countDropped();
            return;
        }
        if (!queue.offer(frame)) {
            counters.countDropped();
        }
    }

    /** The peer gave a sign of life: no reason to wait any longer with the next try. */
    void retryNow(long now) {
        if (state == State.CLOSED) {
            retryAt = now;
            backoff.reset();
        }
    }

    /** Connects where there is something to send, writes what the connection takes now. */
    void flush(long now, ByteBuffer buffer) {
        if (queue.isEmpty()) {
            return;
        }
        if (state == State.CLOSED) {
            begin(now);
        } else if (state == State.OPEN) {
            try {
                write(now, buffer);
            } catch (IOException e) {
                fail(now, e);
            }
        }
    }

    /** Does what is due by time: pings, and giving up on a peer that keeps silent. */
    void tick(long now) {
        switch (state) {
            case CLOSED -> {}
            case RESOLVING -> resolved(now);
            case CONNECTING, OPENING -> {
                if (now - aliveAt > options.silence().toNanos()) {
                    fail(now, new ConnectException("no answer within " + options.silence()));
                }
            }
            case OPEN -> {
                if (now - aliveAt > options.silence().toNanos()) {
                    fail(now, new EOFException("silent for " + options.silence()));
                } else if (now - nextPingAt >= 0) {
                    nextPingAt = now + options.silence().toNanos() / 4;
                    queue.offer(PING);
                }
            }
        }
    }

    /** Whether {@link #tick} has anything to do as time passes. */
    boolean isActive() {
        return state != State.CLOSED;
    }

    @Override
    public void ready(long now, ByteBuffer buffer) {
        SelectionKey current = key;
        SocketChannel open = channel;
        if (current == null || open == null || !current.isValid()) {
            return;
        }
        try {
            if (current.isConnectable() && open.finishConnect()) {
                open(now, open, current);
            }
            if (current.isReadable()) {
                read(now, open, buffer);
            }
            if (state == State.OPEN && current.isValid() && current.isWritable()) {
                write(now, buffer);
            }
        } catch (IOException e) {
            fail(now, e);
        }
    }

    void close() {
        SocketChannel open = channel;
        channel = null;
        key = null;
        state = State.CLOSED;
        queue.clear();
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing the stream to {}", peer, e);
            }
        }
    }

    private void begin(long now) {
        aliveAt = now;
        state = State.RESOLVING;
        address.resolve();
        resolved(now);
    }

    private void resolved(long now) {
        PeerAddress.Resolution resolution = address.resolution();
        switch (resolution) {
            case PeerAddress.Pending _ -> {}
            case PeerAddress.Failed failed -> fail(now, failed.reason());
            case PeerAddress.Resolved found -> {
                try {
                    connect(now, found.address());
                } catch (IOException e) {
                    fail(now, e);
                }
            }
        }
    }

    private void connect(long now, InetSocketAddress target) throws IOException {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        state = State.CONNECTING;
        aliveAt = now;
        boolean connected = opened.connect(target);
        SelectionKey registered = opened.register(selector, SelectionKey.OP_CONNECT, this);
        key = registered;
        if (connected) {
            open(now, opened, registered);
        }
    }

    private void open(long now, SocketChannel connected, SelectionKey registered) throws IOException {
        String secret = options.clusterSecret();
        String head = "GET " + PeerHeaders.PATH + " HTTP/1.1\r\nHost: " + address.host() + ":" + address.port()
                + "\r\nConnection: Upgrade\r\nUpgrade: " + PeerHeaders.PROTOCOL
                + "\r\n" + PeerHeaders.NODE + ": " + options.self()
                + "\r\n" + PeerHeaders.URL + ": " + options.selfUrl()
                + (secret == null ? "" : "\r\n" + PeerHeaders.SECRET + ": " + secret) + "\r\n\r\n";
        ByteBuffer bytes = ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1));
        connected.write(bytes);
        if (bytes.hasRemaining()) {
            throw new IOException("a new connection does not take the head of a request");
        }
        responseHead.setLength(0);
        state = State.OPENING;
        aliveAt = now;
        registered.interestOps(SelectionKey.OP_READ);
    }

    private void read(long now, SocketChannel open, ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = open.read(buffer);
        if (count < 0) {
            throw new EOFException("closed by the peer");
        }
        aliveAt = now;
        if (state == State.OPENING) {
            buffer.flip();
            responseHead.append(StandardCharsets.ISO_8859_1.decode(buffer));
            if (responseHead.indexOf("\r\n\r\n") >= 0) {
                opened(now, buffer);
            } else if (responseHead.length() > MAX_RESPONSE_HEAD_BYTES) {
                throw new IOException("the answer is not one of HTTP");
            }
        }
        // Behind the head nothing comes but a byte for each ping, and its coming is all that it says.
    }

    private void opened(long now, ByteBuffer buffer) throws IOException {
        String status = responseHead.substring(0, responseHead.indexOf("\r\n"));
        if (!status.startsWith("HTTP/1.1 101")) {
            if (!refusalLogged) {
                refusalLogged = true;
                LOG.warn(
                        "peer {} at {}:{} refuses the {} stream: {}",
                        peer,
                        address.host(),
                        address.port(),
                        name(),
                        status);
            }
            throw new IOException("refused: " + status);
        }
        if (refusalLogged) {
            refusalLogged = false;
            LOG.info("peer {} takes the {} stream again", peer, name());
        }
        state = State.OPEN;
        nextPingAt = now;
        counters.countOpened();
        backoff.reset();
        write(now, buffer);
    }

    private void write(long now, ByteBuffer buffer) throws IOException {
        SocketChannel open = channel;
        SelectionKey current = key;
        if (open == null || current == null) {
            return;
        }
        boolean full = false;
        while (!queue.isEmpty() && !full) {
            buffer.clear();
            queue.peek(buffer);
            buffer.flip();
            int count = open.write(buffer);
            queue.written(count);
            counters.countSent(count);
            full = buffer.hasRemaining();
            if (count > 0) {
                lastProgress(now);
            }
        }
        int interest = full ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (current.interestOps() != interest) {
            current.interestOps(interest);
        }
        stalled = full;
    }

    /** Room in a full connection means that the peer takes bytes; room in one with room says nothing about it. */
    private void lastProgress(long now) {
        if (stalled) {
            aliveAt = now;
        }
    }

    private void fail(long now, IOException reason) {
        LOG.debug("{} stream to {}: {}", name(), peer, reason.toString());
        counters.countFailed();
        close();
        retryAt = now + backoff.afterFailure();
    }

    private String name() {
        return lane.name().toLowerCase(Locale.ROOT);
    }
}
