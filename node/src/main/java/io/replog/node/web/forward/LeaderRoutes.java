package io.replog.node.web.forward;

import io.replog.api.ReplogMediaTypes;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;

/** Which requests only the leader can answer, and how large their bodies may be. */
final class LeaderRoutes {
    private static final Pattern ACKS = Pattern.compile("/messages/[^/]+/acks");
    private static final int MAX_COMMAND_BYTES = 64 * 1024;

    private LeaderRoutes() {}

    static boolean isForLeader(HttpServletRequest request) {
        String path = request.getRequestURI();
        return switch (request.getMethod()) {
            case "POST" -> path.equals("/messages") || path.startsWith("/kv/") || path.startsWith("/cluster/");
            case "PUT" -> path.startsWith("/kv/");
            case "DELETE" -> path.startsWith("/kv/") || path.startsWith("/cluster/");
            case "GET" -> ACKS.matcher(path).matches();
            default -> false;
        };
    }

    /**
     * Whether a read asks for a level that a node without data cannot give, but the leader can: the default of a key, and
     * where {@code linearizable} is asked for.
     */
    static boolean isLinearizableRead(HttpServletRequest request) {
        if (!request.getMethod().equals("GET")) {
            return false;
        }
        String path = request.getRequestURI();
        String level = QueryParameters.of(request).text("read");
        if (level == null) {
            return path.startsWith("/kv/");
        }
        boolean bearsData = path.equals("/kv")
                || path.startsWith("/kv/")
                || path.equals("/messages")
                || path.startsWith("/messages/");
        return bearsData && level.equals("linearizable");
    }

    static int maxBodyBytes(HttpServletRequest request, WebSettings settings) {
        if (request.getRequestURI().startsWith("/cluster/")) {
            return MAX_COMMAND_BYTES;
        }
        String type = request.getContentType();
        boolean isBatch = type != null && type.startsWith(ReplogMediaTypes.NDJSON);
        return isBatch ? WebSettings.MAX_BATCH_BYTES : settings.maxJsonBytes();
    }
}
