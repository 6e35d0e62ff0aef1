package io.replog.node.web.http;

import io.replog.api.problem.ProblemType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads bodies whole, within a bound. */
public final class RequestBody {
    private static final int FIRST_PIECE = 8 * 1024;

    private RequestBody() {}

    /**
     * The bytes of the body of {@code request}.
     *
     * @param maxBytes above it: 413, and no more of the body is kept
     * @param lease    the memory that it takes is charged to; for as long as the bytes are in use
     * @throws ProblemException 413, 429
     */
    public static byte[] read(HttpServletRequest request, int maxBytes, BodyBudget.Lease lease) throws IOException {
        if (request instanceof Buffered buffered) {
            if (buffered.body.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return buffered.body;
        }
        long announced = request.getContentLengthLong();
        if (announced > maxBytes) {
            throw tooLarge(maxBytes);
        }
        if (announced == 0) {
            return new byte[0];
        }
        InputStream in = request.getInputStream();
        try {
            if (announced > 0) {
                lease.charge(announced);
                return readAnnounced(in, (int) announced);
            }
            return readChunked(in, maxBytes, lease);
        } catch (IOException e) {
            throw ProblemException.badRequest("the body broke off or is malformed: " + e.getMessage());
        }
    }

    private static byte[] readAnnounced(InputStream in, int length) throws IOException {
        // Memory is taken as bytes come, not as a client announces them.
        byte[] bytes = new byte[Math.min(length, 1024 * 1024)];
        int filled = 0;
        while (filled < length) {
            if (filled == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            }
            int read = in.read(bytes, filled, bytes.length - filled);
            if (read < 0) {
                throw ProblemException.badRequest("the body ended after " + filled + " of " + length + " bytes");
            }
            filled += read;
        }
        return bytes;
    }

    private static byte[] readChunked(InputStream in, int maxBytes, BodyBudget.Lease lease) throws IOException {
        byte[] bytes = new byte[Math.min(FIRST_PIECE, maxBytes + 1)];
        int filled = 0;
        while (true) {
            int read = in.read(bytes, filled, bytes.length - filled);
            if (read < 0) {
                return Arrays.copyOf(bytes, filled);
            }
            filled += read;
            if (filled > maxBytes) {
                throw tooLarge(maxBytes);
            }
            if (filled == bytes.length) {
                int grown = (int) Math.min(maxBytes + 1L, 2L * bytes.length);
                lease.charge(grown - bytes.length);
                bytes = Arrays.copyOf(bytes, grown);
            }
        }
    }

    /** 413 for a body that is longer than {@code maxBytes}. */
    public static ProblemException tooLarge(int maxBytes) {
        return ProblemException.of(
                ProblemType.TOO_LARGE, "the body is larger than the " + maxBytes + " bytes that are accepted here");
    }

    /** A request whose body has been read already, and can be read again. */
    public static final class Buffered extends HttpServletRequestWrapper {
        private final byte[] body;

        public Buffered(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            return new BytesInputStream(body);
        }

        @Override
        public BufferedReader getReader() {
            return new BufferedReader(new InputStreamReader(new ByteArrayInputStream(body), StandardCharsets.UTF_8));
        }
    }

    private static final class BytesInputStream extends ServletInputStream {
        private final ByteArrayInputStream bytes;

        BytesInputStream(byte[] body) {
            bytes = new ByteArrayInputStream(body);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return bytes.read(target, offset, length);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(@Nullable ReadListener listener) {
            throw new UnsupportedOperationException("the body is there already: read it");
        }
    }
}
