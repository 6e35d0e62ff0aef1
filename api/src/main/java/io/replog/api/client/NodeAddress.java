package io.replog.api.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a node listens.
 *
 * @param secure        whether to speak TLS
 * @param host          name or address
 * @param port          1–65535
 * @param authorization value of the {@code Authorization} header, from the URL's user information; null for none
 */
record NodeAddress(
        boolean secure, String host, int port, @Nullable String authorization) {

    /**
     * Reads {@code http://host:port}; the scheme may be left out.
     *
     * @throws IllegalArgumentException where the text is no such URL; says what is accepted
     */
    static NodeAddress parse(String text) {
        String url = text.contains("://") ? text : "http://" + text;
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw notAccepted(text, e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean plain = scheme.equals("http");
        String path = uri.getPath();
        if (!(plain || scheme.equals("https"))
                || uri.getHost() == null
                || uri.getQuery() != null
                || uri.getFragment() != null
                || !(path == null || path.isEmpty() || path.equals("/"))
                || uri.getPort() == 0
                || uri.getPort() > 65_535) {
            throw notAccepted(text, null);
        }
        int port = uri.getPort() != -1 ? uri.getPort() : plain ? 80 : 443;
        String user = uri.getUserInfo();
        String authorization = user == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        return new NodeAddress(!plain, uri.getHost(), port, authorization);
    }

    private static IllegalArgumentException notAccepted(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "'" + text + "' is no node's URL; accepted is http://host:port, for example http://127.0.0.1:5000",
                cause);
    }

    /** Host and port as they stand in the {@code Host} header. */
    String authority() {
        return host + ":" + port;
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + authority();
    }
}
