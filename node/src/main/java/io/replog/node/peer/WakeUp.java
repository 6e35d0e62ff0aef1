package io.replog.node.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes a thread that waits in a selector, by a byte in a pipe. {@link Selector#wakeup} holds a lock while it signals, and
 * the woken thread, which often takes over the processor at once, needs that lock first thing: two switches for one.
 */
final class WakeUp implements Selectable {
    private static final Logger LOG = LoggerFactory.getLogger(WakeUp.class);

    private final Pipe pipe;

    WakeUp(Selector selector) throws IOException {
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().configureBlocking(false);
        pipe.source().register(selector, SelectionKey.OP_READ, this);
    }

    /** Thread-safe. */
    void signal() {
        try {
            // A pipe that is full has woken the thread already.
            pipe.sink().write(ByteBuffer.allocate(1));
        } catch (ClosedChannelException e) {
            LOG.trace("the transport is closed", e);
        } catch (IOException e) {
            throw new IllegalStateException("a pipe within this process is broken", e);
        }
    }

    @Override
    public void ready(long now, ByteBuffer buffer) {
        buffer.clear();
        try {
            if (pipe.source().read(buffer) < 0) {
                throw new IllegalStateException("a pipe within this process has ended");
            }
        } catch (IOException e) {
            throw new IllegalStateException("a pipe within this process is broken", e);
        }
    }

    void close() throws IOException {
        pipe.sink().close();
        pipe.source().close();
    }
}
