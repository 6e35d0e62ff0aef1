package io.replog.node.web.forward;

import io.replog.node.engine.Deadline;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * One keep-alive HTTP/1.1 connection, for one request at a time. It never sends a request again by itself, which is why
 * it stands here: the clients at hand do, or cost twice the time. Not thread-safe.
 */
final class LeaderConnection implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;
    private static final int LOOK_UP_MILLIS = 250;
    private static final int MID_ANSWER_MILLIS = 10_000;

    private final SocketChannel channel;
    private final String host;
    private final InputStream in;
    private boolean reusable = true;
    private long idleSince = System.nanoTime();

    private LeaderConnection(SocketChannel channel, String host) throws IOException {
        this.channel = channel;
        this.host = host;
        this.in = new BufferedInputStream(channel.socket().getInputStream(), 4096);
    }

    static LeaderConnection open(String url, Duration timeout) throws IOException {
        URI uri = URI.create(url);
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(new InetSocketAddress(uri.getHost(), port), (int) timeout.toMillis());
            return new LeaderConnection(channel, uri.getAuthority());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether it has been idle for longer than {@code limit}, or the other side has closed it meanwhile. */
    boolean isStale(Duration limit) {
        if (System.nanoTime() - idleSince > limit.toNanos()) {
            return true;
        }
        try {
            channel.configureBlocking(false);
            int read = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return read != 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether another request may follow. */
    boolean isReusable() {
        return reusable;
    }

    void send(LeaderTransport.Request request) throws IOException {
        StringBuilder head = new StringBuilder(512)
                .append(request.method())
                .append(' ')
                .append(request.target())
                .append(" HTTP/1.1\r\nHost: ")
                .append(host)
                .append("\r\nContent-Length: ")
                .append(request.body().length)
                .append("\r\n");
        request.headers().forEach(header -> head.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer[] buffers = {ByteBuffer.wrap(headBytes), ByteBuffer.wrap(request.body())};
        while (buffers[0].hasRemaining() || buffers[1].hasRemaining()) {
            channel.write(buffers);
        }
    }

    /** @throws IOException where no whole answer comes: by the deadline, because of {@code giveUp}, or ever */
    LeaderTransport.Result.Answered receive(String method, Deadline deadline, BooleanSupplier giveUp)
            throws IOException {
        reusable = false;
        awaitFirstByte(deadline, giveUp);
        channel.socket().setSoTimeout(MID_ANSWER_MILLIS);
        int status;
        Map<String, String> headers;
        do {
            status = statusOf(line());
            headers = headers();
        } while (status < 200);
        boolean keepAlive = !"close".equalsIgnoreCase(headers.get("connection"));
        byte[] body = bodyFollows(method, status) ? body(headers) : new byte[0];
        reusable = keepAlive;
        idleSince = System.nanoTime();
        return new LeaderTransport.Result.Answered(status, headers, body);
    }

    private static boolean bodyFollows(String method, int status) {
        return !method.equals("HEAD") && status != 204 && status != 304;
    }

    private void awaitFirstByte(Deadline deadline, BooleanSupplier giveUp) throws IOException {
        while (true) {
            long left = deadline.remaining().toMillis();
            channel.socket().setSoTimeout(Math.clamp(left, 1, LOOK_UP_MILLIS));
            in.mark(1);
            try {
                if (in.read() < 0) {
                    throw new EOFException("the connection was closed before an answer came");
                }
                in.reset();
                return;
            } catch (SocketTimeoutException e) {
                if (deadline.remaining().isZero()) {
                    throw new IOException("no answer came by the deadline", e);
                }
                if (giveUp.getAsBoolean()) {
                    throw new IOException("no answer came, and another node leads", e);
                }
            }
        }
    }

    private static int statusOf(String line) throws IOException {
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9].*")) {
            throw new IOException("not an HTTP answer");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        int size = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            size += line.length();
            if (colon < 1 || size > MAX_HEAD_BYTES) {
                throw new IOException("malformed or overlong headers");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunkedBody();
        }
        String length = headers.get("content-length");
        if (length == null || !length.matches("[0-9]{1,9}")) {
            throw new IOException("an answer without a length");
        }
        return exactly(bounded(Integer.parseInt(length)));
    }

    private byte[] chunkedBody() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line().split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new IOException("a malformed chunk");
            }
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                headers();
                return body.toByteArray();
            }
            bounded(body.size() + length);
            body.write(exactly(length));
            line();
        }
    }

    private static int bounded(int length) throws IOException {
        if (length > MAX_BODY_BYTES) {
            throw new IOException("the answer is too long");
        }
        return length;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer broke off");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the answer broke off");
            }
            if (line.length() > MAX_HEAD_BYTES) {
                throw new IOException("an overlong line");
            }
            line.append((char) b);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
