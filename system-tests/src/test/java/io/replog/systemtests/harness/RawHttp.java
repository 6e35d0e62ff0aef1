package io.replog.systemtests.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Bytes to a node and bytes back, for requests that no HTTP client would send. */
public final class RawHttp {
    private static final int PATIENCE_MILLIS = 10_000;

    private RawHttp() {}

    /** Sends the bytes, closes its own direction, and answers all that comes until the node closes. */
    public static String exchange(String url, byte[] request) throws IOException {
        URI uri = URI.create(url);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            try {
                for (int n = socket.getInputStream().read(buffer);
                        n >= 0;
                        n = socket.getInputStream().read(buffer)) {
                    answer.write(buffer, 0, n);
                }
            } catch (SocketTimeoutException e) {
                return answer.toString(StandardCharsets.UTF_8) + "\n(the node left the connection open)";
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    public static String exchange(String url, String request) throws IOException {
        return exchange(url, request.getBytes(StandardCharsets.UTF_8));
    }
}
