package io.replog.node.peer;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.protocol.MalformedMessageException;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessageCodec;
import io.replog.core.quorum.NodeId;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stream that a peer opened to this node. Owned by the transport's thread. */
final class InboundStream implements Selectable {
    private static final Logger LOG = LoggerFactory.getLogger(InboundStream.class);

    /** Bounds how long one stream keeps the others waiting. */
    private static final int READS_AT_A_TIME = 4;

    private final NodeId peer;
    private final SocketChannel channel;
    private final Runnable closer;
    private final FrameAssembler assembler;
    private final Consumer<PeerEnvelope> receiver;
    private final Consumer<InboundStream> onClosed;

    InboundStream(
            NodeId peer,
            SocketChannel channel,
            Runnable closer,
            int maxFrameBytes,
            Consumer<PeerEnvelope> receiver,
            Consumer<InboundStream> onClosed) {
        this.peer = peer;
        this.channel = channel;
        this.closer = closer;
        this.assembler = new FrameAssembler(maxFrameBytes);
        this.receiver = receiver;
        this.onClosed = onClosed;
    }

    @Override
    public void ready(long now, ByteBuffer buffer) {
        try {
            for (int i = 0; i < READS_AT_A_TIME; i++) {
                buffer.clear();
                int count = channel.read(buffer);
                if (count < 0) {
                    throw new EOFException("closed by the peer");
                }
                boolean more = !buffer.hasRemaining();
                buffer.flip();
                assembler.feed(buffer, this::frame);
                if (!more) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("stream from {}: {}", peer, e.toString());
            close();
        } catch (MalformedMessageException | DamagedEntryException e) {
            LOG.warn("peer {} sent what is not a message, its stream is closed: {}", peer, e.getMessage());
            close();
        }
    }

    void close() {
        closer.run();
        onClosed.accept(this);
    }

    private void frame(byte[] frame) {
        if (frame.length == 0) {
            answerPing();
            return;
        }
        PeerEnvelope envelope = PeerMessageCodec.decode(frame);
        if (!envelope.from().equals(peer)) {
            throw new MalformedMessageException("a message of " + envelope.from() + " in the stream of " + peer);
        }
        receiver.accept(envelope);
    }

    private void answerPing() {
        try {
            // A peer that does not read its answers gets none: the byte is dropped where there is no room for it.
            channel.write(ByteBuffer.allocate(1));
        } catch (IOException e) {
            LOG.debug("answering {}", peer, e);
        }
    }
}
