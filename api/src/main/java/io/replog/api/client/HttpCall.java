package io.replog.api.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request, without the node that it goes to.
 *
 * @param method     as {@code GET}
 * @param target     path and query, encoded
 * @param headers    lines {@code Name: value}
 * @param body       null for none
 * @param repeatable whether sending it twice does no more than sending it once
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares calls or replies; a copy would cost.
record HttpCall(String method, String target, List<String> headers, byte @Nullable [] body, boolean repeatable) {

    static HttpCall get(String target, String accept) {
        return new HttpCall("GET", target, List.of("Accept: " + accept), null, true);
    }

    HttpCall withHeader(String name, String value) {
        requireHeaderText(value, name);
        List<String> more = new ArrayList<>(headers);
        more.add(name + ": " + value);
        return new HttpCall(method, target, more, body, repeatable);
    }

    HttpCall withTarget(String newTarget) {
        return new HttpCall(method, newTarget, headers, body, repeatable);
    }

    /** The same, to be sent once: on a new connection, which the node has no reason to close. */
    HttpCall once() {
        return new HttpCall(method, target, headers, body, false);
    }

    /** The request line and the headers. */
    byte[] head(NodeAddress node) {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ");
        head.append(node.authority()).append("\r\n");
        if (node.authorization() != null) {
            head.append("Authorization: ").append(node.authorization()).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (body != null) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A line break in a header would let its value forge other headers. */
    private static void requireHeaderText(String value, String name) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                throw new IllegalArgumentException(name + ": accepted are visible ASCII characters alone");
            }
        }
    }
}
