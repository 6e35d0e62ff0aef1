package io.replog.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Clients that write one message after the other, each at one node, and note how long each of them was without an
 * acknowledgement.
 */
final class Writers implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong longestGap = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    /** @param nodes one for each client */
    static Writers start(List<InetSocketAddress> nodes, Supplier<Protocol> protocols) {
        Writers writers = new Writers();
        for (InetSocketAddress node : nodes) {
            writers.threads.add(Thread.ofVirtual().start(() -> writers.run(node, protocols.get())));
        }
        return writers;
    }

    private void run(InetSocketAddress node, Protocol protocol) {
        long last = System.nanoTime();
        while (!stopped.get()) {
            try (Socket socket = new Socket(node.getAddress(), node.getPort())) {
                socket.setTcpNoDelay(true);
                byte[] received = new byte[16 * 1024];
                while (!stopped.get()) {
                    exchange(socket, protocol, received);
                    long now = System.nanoTime();
                    longestGap.accumulateAndGet(now - last, Math::max);
                    last = now;
                    acknowledged.incrementAndGet();
                }
            } catch (IOException | Protocol.UnexpectedAnswerException e) {
                failed.incrementAndGet();
            }
        }
    }

    /** Sends the next request, and returns when it is answered. */
    static void exchange(Socket socket, Protocol protocol, byte[] received) throws IOException {
        ByteBuffer request = protocol.nextRequest();
        byte[] bytes = new byte[request.remaining()];
        request.get(bytes);
        socket.getOutputStream().write(bytes);
        int length = 0;
        do {
            int read = socket.getInputStream().read(received, length, received.length - length);
            if (read < 0) {
                throw new EOFException(
                        "no answer but " + new String(Arrays.copyOf(received, length), StandardCharsets.UTF_8));
            }
            length += read;
        } while (protocol.answerLength(received, length) < 0);
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Requests that were refused or not answered. */
    long failed() {
        return failed.get();
    }

    /** The longest time that any client was without an acknowledgement, in milliseconds, since this was asked last. */
    double takeLongestGapMillis() {
        return longestGap.getAndSet(0) / 1e6;
    }

    @Override
    public void close() {
        stopped.set(true);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
