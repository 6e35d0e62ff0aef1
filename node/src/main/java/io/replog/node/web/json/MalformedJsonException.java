package io.replog.node.web.json;

/** A body is not the JSON that is expected; the message says where and what is. */
public final class MalformedJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message, null, false, false);
    }
}
