package io.replog.api.client;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/**
 * A blocking keep-alive HTTP/1.1 connection. It does what a replog node needs and no more: one request at a time, bodies
 * by length, in chunks or until the connection ends. A round trip costs about half of what the JDK's client costs, which
 * hands each one over between threads.
 *
 * <p>Not thread-safe, but {@link #close} may be called from any thread and ends a read that is under way.
 */
final class HttpConnection implements Closeable {
    private static final int LARGEST_HEAD = 64 * 1024;

    private final NodeAddress node;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[8 * 1024];
    private int position;
    private int limit;
    private int currentTimeout = -1;
    private boolean reusable;
    private boolean answering;

    private HttpConnection(NodeAddress node, Socket socket) throws IOException {
        this.node = node;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static HttpConnection open(NodeAddress node, int connectTimeoutMillis) throws IOException {
        InetSocketAddress address = new InetSocketAddress(node.host(), node.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException("unknown host " + node.host());
        }
        Socket socket = node.secure() ? SSLSocketFactory.getDefault().createSocket() : new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, connectTimeoutMillis);
            return new HttpConnection(node, socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends the request whole. Where this throws, the node may have got it none the less. */
    void send(HttpCall call) throws IOException {
        reusable = false;
        answering = false;
        byte[] head = call.head(node);
        byte[] body = call.body();
        if (body == null) {
            out.write(head);
        } else {
            byte[] whole = new byte[head.length + body.length];
            System.arraycopy(head, 0, whole, 0, head.length);
            System.arraycopy(body, 0, whole, head.length, body.length);
            out.write(whole);
        }
    }

    /** Reads up to the end of the headers; interim responses (1xx) are passed over. */
    HttpHead readHead(Patience patience) throws IOException {
        HttpHead head;
        do {
            String statusLine = readLine(patience);
            if (statusLine.length() < 12 || !statusLine.startsWith("HTTP/1.")) {
                throw new IOException("what answers at " + node + " does not speak HTTP");
            }
            int status = parseStatus(statusLine);
            Map<String, String> headers = new HashMap<>(16);
            int size = statusLine.length();
            for (String line = readLine(patience); !line.isEmpty(); line = readLine(patience)) {
                size += line.length();
                if (size > LARGEST_HEAD) {
                    throw new IOException("the response's headers are too long");
                }
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            head = new HttpHead(status, headers);
        } while (head.status() < 200);
        return head;
    }

    private int parseStatus(String statusLine) throws IOException {
        try {
            return Integer.parseInt(statusLine, 9, 12, 10);
        } catch (NumberFormatException e) {
            throw new IOException("what answers at " + node + " does not speak HTTP", e);
        }
    }

    /** The body that follows {@code head}; the connection is reusable once it was read to its end. */
    InputStream body(HttpHead head, Patience patience) throws IOException {
        boolean keepAlive = !"close".equalsIgnoreCase(head.header("Connection"));
        String coding = head.header("Transfer-Encoding");
        if (coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked")) {
            return new ChunkedBody(patience, keepAlive);
        }
        if (head.status() == 204 || head.status() == 304) {
            return new SizedBody(0, patience, keepAlive);
        }
        String length = head.header("Content-Length");
        if (length == null) {
            return new SizedBody(Long.MAX_VALUE, patience, false);
        }
        try {
            return new SizedBody(Long.parseLong(length), patience, keepAlive);
        } catch (NumberFormatException e) {
            throw new IOException("Content-Length is no number: " + length, e);
        }
    }

    /** Whether the last response was read to its end and the node keeps the connection open. */
    boolean isReusable() {
        return reusable;
    }

    /** Whether a byte of the answer to the last request has come. */
    boolean isAnswering() {
        return answering;
    }

    @Override
    public void close() {
        reusable = false;
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to do with it: the connection is given up anyway.
            reusable = false;
        }
    }

    private String readLine(Patience patience) throws IOException {
        int scanned = position;
        while (true) {
            for (int i = scanned; i < limit; i++) {
                if (buffer[i] == '\n') {
                    int end = i > position && buffer[i - 1] == '\r' ? i - 1 : i;
                    String line = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
                    position = i + 1;
                    return line;
                }
            }
            int length = limit - position;
            if (length > LARGEST_HEAD) {
                throw new IOException("a line of the response's head is too long");
            }
            makeRoom();
            scanned = position + length;
            if (fill(patience) < 0) {
                throw new EOFException("the connection was closed without an answer");
            }
        }
    }

    private void makeRoom() {
        int length = limit - position;
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, length);
            position = 0;
            limit = length;
        } else if (limit == buffer.length) {
            byte[] larger = new byte[buffer.length * 2];
            System.arraycopy(buffer, 0, larger, 0, length);
            buffer = larger;
        }
    }

    private int fill(Patience patience) throws IOException {
        int count = read(buffer, limit, buffer.length - limit, patience);
        if (count > 0) {
            limit += count;
        }
        return count;
    }

    private int read(byte[] target, int offset, int length, Patience patience) throws IOException {
        while (true) {
            int timeout = patience.sliceMillis();
            if (timeout != currentTimeout) {
                socket.setSoTimeout(timeout);
                currentTimeout = timeout;
            }
            try {
                int count = in.read(target, offset, length);
                answering |= count > 0;
                return count;
            } catch (SocketTimeoutException e) {
                patience.onSilence();
            }
        }
    }

    private int readBuffered(byte[] target, int offset, int length, Patience patience) throws IOException {
        if (position == limit) {
            if (length >= buffer.length) {
                return read(target, offset, length, patience);
            }
            position = 0;
            limit = 0;
            if (fill(patience) < 0) {
                return -1;
            }
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    private abstract class Body extends InputStream {
        final Patience patience;
        private final boolean keepAlive;

        Body(Patience patience, boolean keepAlive) {
            this.patience = patience;
            this.keepAlive = keepAlive;
        }

        final void finished() {
            reusable = keepAlive;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public abstract int read(byte[] target, int offset, int length) throws IOException;
    }

    private final class SizedBody extends Body {
        private long left;

        SizedBody(long length, Patience patience, boolean keepAlive) {
            super(patience, keepAlive);
            left = length;
            if (length == 0) {
                finished();
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = readBuffered(target, offset, (int) Math.min(length, left), patience);
            if (count < 0) {
                if (left > Long.MAX_VALUE / 2) {
                    return -1;
                }
                throw new EOFException("the connection broke within the answer");
            }
            left -= count;
            if (left == 0) {
                finished();
            }
            return count;
        }
    }

    private final class ChunkedBody extends Body {
        private long left;
        private boolean first = true;
        private boolean ended;

        ChunkedBody(Patience patience, boolean keepAlive) {
            super(patience, keepAlive);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = readBuffered(target, offset, (int) Math.min(length, left), patience);
            if (count < 0) {
                throw new EOFException("the connection broke within the answer");
            }
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            if (!first) {
                readLine(patience);
            }
            first = false;
            String size = readLine(patience);
            int semicolon = size.indexOf(';');
            try {
                left = Long.parseLong((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
            } catch (NumberFormatException e) {
                throw new IOException("a chunk of the answer has no size", e);
            }
            if (left == 0) {
                ended = true;
                String trailer;
                do {
                    trailer = readLine(patience);
                } while (!trailer.isEmpty());
                finished();
            }
        }
    }
}
