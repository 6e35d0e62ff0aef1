package io.replog.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * A closed loop: each connection sends its next request when the last one is answered. One thread serves all connections,
 * so that the load takes as little as possible of the processors that it shares with the servers.
 */
final class ClosedLoop {
    private static final long HIGHEST_LATENCY_NANOS = Duration.ofMinutes(1).toNanos();

    /**
     * @param perSecond requests answered a second
     * @param latency   of each request, nanoseconds
     */
    record Result(double perSecond, Histogram latency) {
        double medianMillis() {
            return latency.getValueAtPercentile(50) / 1e6;
        }

        double p99Millis() {
            return latency.getValueAtPercentile(99) / 1e6;
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final Protocol protocol;
        private byte[] received = new byte[16 * 1024];
        private int length;
        private long sentAt;
        private ByteBuffer request = ByteBuffer.allocate(0);

        Connection(SocketChannel channel, Protocol protocol) {
            this.channel = channel;
            this.protocol = protocol;
        }

        void send(long now) throws IOException {
            sentAt = now;
            request = protocol.nextRequest();
            channel.write(request);
        }

        /** Whether the answer is complete. */
        boolean receive() throws IOException {
            if (length == received.length) {
                received = Arrays.copyOf(received, 2 * length);
            }
            int read = channel.read(ByteBuffer.wrap(received, length, received.length - length));
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            length += read;
            int answer = protocol.answerLength(received, length);
            if (answer < 0) {
                return false;
            }
            System.arraycopy(received, answer, received, 0, length - answer);
            length -= answer;
            return true;
        }
    }

    private ClosedLoop() {}

    /** Runs for {@code warmUp}, which is not counted, and then for {@code measured}. */
    static Result run(
            InetSocketAddress server, int connections, Supplier<Protocol> protocols, Duration warmUp, Duration measured)
            throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = SocketChannel.open(server);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Connection(channel, protocols.get()));
            }
            try {
                return loop(selector, warmUp, measured);
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private static Result loop(Selector selector, Duration warmUp, Duration measured) throws IOException {
        Histogram latency = new Histogram(HIGHEST_LATENCY_NANOS, 3);
        long begin = System.nanoTime() + warmUp.toNanos();
        long end = begin + measured.toNanos();
        for (SelectionKey key : selector.keys()) {
            ((Connection) key.attachment()).send(System.nanoTime());
        }
        long counted = 0;
        while (true) {
            selector.select(100);
            long now = System.nanoTime();
            if (now >= end) {
                return new Result(counted / (measured.toNanos() / 1e9), latency);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                counted += serve(key, begin, latency);
            }
            selector.selectedKeys().clear();
        }
    }

    private static int serve(SelectionKey key, long begin, Histogram latency) throws IOException {
        Connection connection = (Connection) key.attachment();
        if (key.isWritable()) {
            connection.channel.write(connection.request);
        }
        int counted = 0;
        if (key.isReadable() && connection.receive()) {
            long now = System.nanoTime();
            if (connection.sentAt >= begin) {
                latency.recordValue(Math.min(now - connection.sentAt, HIGHEST_LATENCY_NANOS));
            }
            counted = now >= begin ? 1 : 0;
            connection.send(now);
        }
        key.interestOps(
                connection.request.hasRemaining()
                        ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                        : SelectionKey.OP_READ);
        return counted;
    }
}
