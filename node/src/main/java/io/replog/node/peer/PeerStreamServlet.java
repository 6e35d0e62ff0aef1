package io.replog.node.peer;

import io.replog.core.quorum.NodeId;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Everything below {@code /peer/}: the stream, and refusals. */
public final class PeerStreamServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient IncomingStreams streams;
    private final byte @Nullable [] secret;

    /** @param secret that a peer must show, null for none */
    public PeerStreamServlet(IncomingStreams streams, @Nullable String secret) {
        this.streams = streams;
        this.secret = secret == null ? null : secret.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        if (!isTrusted(request)) {
            refuse(
                    response,
                    HttpServletResponse.SC_UNAUTHORIZED,
                    "Unauthorized",
                    "requests of peers must carry the cluster secret in the header " + PeerHeaders.SECRET);
        } else if (!PeerHeaders.PATH.equals(request.getRequestURI())) {
            refuse(
                    response,
                    HttpServletResponse.SC_NOT_FOUND,
                    "Not Found",
                    "below /peer/ there is " + PeerHeaders.PATH + " alone");
        } else if (!"GET".equals(request.getMethod())) {
            response.setHeader("Allow", "GET");
            refuse(
                    response,
                    HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                    "Method Not Allowed",
                    "a stream is opened with GET");
        } else if (!PeerHeaders.PROTOCOL.equals(request.getHeader("Upgrade"))) {
            response.setHeader("Upgrade", PeerHeaders.PROTOCOL);
            refuse(response, 426, "Upgrade Required", "accepted is Upgrade: " + PeerHeaders.PROTOCOL);
        } else {
            upgrade(request, response);
        }
    }

    private void upgrade(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        NodeId peer;
        try {
            peer = new NodeId(String.valueOf(request.getHeader(PeerHeaders.NODE)));
        } catch (IllegalArgumentException e) {
            refuse(
                    response,
                    HttpServletResponse.SC_BAD_REQUEST,
                    "Bad Request",
                    "the header " + PeerHeaders.NODE + " must name the peer");
            return;
        }
        response.setHeader("Connection", "Upgrade");
        response.setHeader("Upgrade", PeerHeaders.PROTOCOL);
        String url = request.getHeader(PeerHeaders.URL);
        request.upgrade(PeerUpgradeHandler.class).handOver(peer, url == null ? "" : url, streams);
    }

    private boolean isTrusted(HttpServletRequest request) {
        byte[] wanted = secret;
        if (wanted == null) {
            return true;
        }
        String shown = request.getHeader(PeerHeaders.SECRET);
        return shown != null && MessageDigest.isEqual(wanted, shown.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(HttpServletResponse response, int status, String title, String detail)
            throws IOException {
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        String body = "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                + detail + "\",\"outcome\":\"not-stored\"}";
        response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
}
