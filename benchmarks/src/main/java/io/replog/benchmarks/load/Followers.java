package io.replog.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Clients that follow the log live and throw away what they are sent; one thread serves them all. */
final class Followers implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final Thread reader = Thread.ofPlatform().name("followers").unstarted(this::read);
    private final LongAdder bytes = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final Set<SelectionKey> attached = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param count of clients, each with its connection */
    Followers(InetSocketAddress server, int count) throws IOException {
        byte[] request = "GET /messages?from=latest HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
        reader.start();
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        try (selector) {
            while (!closed) {
                selector.select(key -> receive(key, buffer), 100);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(SelectionKey key, ByteBuffer buffer) {
        try {
            int read = ((SocketChannel) key.channel()).read(buffer.clear());
            if (read < 0) {
                throw new IOException("the server ended it");
            }
            bytes.add(read);
            attached.add(key);
        } catch (IOException e) {
            key.cancel();
            lost.increment();
        }
    }

    /** Bytes that came to all of them together. */
    long bytes() {
        return bytes.sum();
    }

    /** How many were sent something, if only that the stream begins. */
    int attached() {
        return attached.size();
    }

    /** How many were cut off. */
    long lost() {
        return lost.sum();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
