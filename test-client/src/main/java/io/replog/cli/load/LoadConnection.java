package io.replog.cli.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** A connection with one request under way at a time, on a selector's thread. Not thread-safe. */
final class LoadConnection {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer request;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(16 * 1024);
    private byte[] response = new byte[4 * 1024];
    private int length;
    private long sentAt;

    private LoadConnection(SocketChannel channel, Selector selector, ByteBuffer request) throws IOException {
        this.channel = channel;
        this.request = request;
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Connects and waits for that; sends nothing yet. */
    static LoadConnection open(InetSocketAddress node, Selector selector, ByteBuffer request) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(node);
            channel.configureBlocking(false);
            return new LoadConnection(channel, selector, request.duplicate());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    void send(long now) throws IOException {
        sentAt = now;
        length = 0;
        request.rewind();
        write();
    }

    /** Goes on with what is ready; true once the response is there whole. */
    boolean proceed(ResponseScanner scanner) throws IOException {
        if (request.hasRemaining() && key.isWritable()) {
            write();
        }
        if (!key.isReadable()) {
            return false;
        }
        chunk.clear();
        int count = channel.read(chunk);
        if (count < 0) {
            throw new EOFException("connection closed");
        }
        chunk.flip();
        if (length + count > response.length) {
            response = Arrays.copyOf(response, Math.max(response.length * 2, length + count));
        }
        chunk.get(response, length, count);
        length += count;
        return scanner.scan(response, length) != ResponseScanner.INCOMPLETE;
    }

    private void write() throws IOException {
        channel.write(request);
        int interest = SelectionKey.OP_READ | (request.hasRemaining() ? SelectionKey.OP_WRITE : 0);
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** When the request under way was sent, on {@link System#nanoTime()}'s clock. */
    long sentAt() {
        return sentAt;
    }

    byte[] response() {
        return response;
    }

    int responseLength() {
        return length;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            key.cancel();
        }
    }
}
