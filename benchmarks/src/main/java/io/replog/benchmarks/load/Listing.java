package io.replog.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** {@code GET} of a long answer, counted and thrown away as it comes. */
final class Listing {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final String END_OF_CHUNKS = "0\r\n\r\n";

    /**
     * @param bytes of the answer, its head and the frames of its chunks included: less than a thousandth
     * @param nanos from the request to the end
     */
    record Result(long bytes, long nanos) {
        double megabytesPerSecond() {
            return bytes * 1e3 / nanos;
        }
    }

    private Listing() {}

    /** @throws IOException also where the answer is not a whole one with status 200 */
    static Result run(InetSocketAddress server, String path) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (SocketChannel channel = SocketChannel.open(server)) {
            long start = System.nanoTime();
            channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            long bytes = 0;
            boolean accepted = false;
            String end = "";
            while (channel.read(buffer.clear()) >= 0) {
                if (!accepted) {
                    accepted = text(buffer, 0).toLowerCase(Locale.ROOT).startsWith("http/1.1 200");
                    if (!accepted) {
                        throw new IOException(path + " was answered with " + text(buffer, 0));
                    }
                }
                bytes += buffer.position();
                // The last read may bring a part of the end only.
                end += text(buffer, Math.max(0, buffer.position() - END_OF_CHUNKS.length()));
                end = end.substring(Math.max(0, end.length() - END_OF_CHUNKS.length()));
            }
            if (!end.equals(END_OF_CHUNKS)) {
                throw new IOException(path + " was cut off after " + bytes + " bytes");
            }
            return new Result(bytes, System.nanoTime() - start);
        }
    }

    private static String text(ByteBuffer buffer, int from) {
        byte[] bytes = new byte[Math.min(200, buffer.position() - from)];
        buffer.get(from, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
