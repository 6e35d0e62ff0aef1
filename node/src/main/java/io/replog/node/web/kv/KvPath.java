package io.replog.node.web.kv;

import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvText;
import io.replog.node.web.http.ProblemException;
import java.util.Map;

/**
 * What a path below {@code /kv} and a method mean. Read from the path as it came: the server's decoded one no longer tells
 * {@code %2F} from a slash.
 */
sealed interface KvPath {
    String ROOT = "/kv";

    /** {@code /kv} */
    record Dump() implements KvPath {}

    record Read(String key) implements KvPath {}

    record Write(KvCommand.Operation operation, String key) implements KvPath {}

    static boolean isBelowRoot(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }

    /**
     * @param path for which {@link #isBelowRoot} holds
     * @throws ProblemException 400 where the key is not accepted, 404 where nothing is there, 405
     */
    static KvPath of(String method, String path) {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (path.equals(ROOT)) {
            if (!reads) {
                throw notAllowed(method, "GET, HEAD");
            }
            return new Dump();
        }
        String rest = path.substring(ROOT.length() + 1);
        int slash = rest.indexOf('/');
        if (slash < 0) {
            String key = key(rest);
            return switch (method) {
                case "GET", "HEAD" -> new Read(key);
                case "PUT" -> new Write(KvCommand.Operation.PUT, key);
                case "DELETE" -> new Write(KvCommand.Operation.DELETE, key);
                default -> throw notAllowed(method, "GET, HEAD, PUT, DELETE");
            };
        }
        KvCommand.Operation operation =
                switch (rest.substring(slash + 1)) {
                    case "append" -> KvCommand.Operation.APPEND;
                    case "hash" -> KvCommand.Operation.HASH;
                    default ->
                        throw ProblemException.of(
                                ProblemType.NOT_FOUND,
                                "nothing is at " + path + "; a slash in a key is written as %2F");
                };
        if (!method.equals("POST")) {
            throw notAllowed(method, "POST");
        }
        return new Write(operation, key(rest.substring(0, slash)));
    }

    private static ProblemException notAllowed(String method, String allowed) {
        return new ProblemException(
                Problem.of(ProblemType.METHOD_NOT_ALLOWED, method + " is not served here: served are " + allowed),
                Map.of("Allow", allowed));
    }

    private static String key(String encoded) {
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '%') {
                bytes[length++] = (byte) c;
                continue;
            }
            int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
            int low = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw ProblemException.badRequest("the key is not well encoded at '" + encoded.substring(i) + "'");
            }
            bytes[length++] = (byte) (high << 4 | low);
            i += 2;
        }
        if (length == 0 || length > KvCommand.MAX_KEY_BYTES) {
            throw ProblemException.badRequest(
                    "the key has " + length + " bytes: accepted are 1 to " + KvCommand.MAX_KEY_BYTES);
        }
        String key = KvText.fromBytes(bytes, 0, length);
        if (!KvText.isWellFormed(key)) {
            throw ProblemException.badRequest("the key is not UTF-8: accepted is text in UTF-8, URL-encoded");
        }
        return key;
    }
}
