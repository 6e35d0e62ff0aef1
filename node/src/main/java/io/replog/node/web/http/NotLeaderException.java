package io.replog.node.web.http;

/**
 * This node does not lead, so nothing of the request was stored here: it may be taken to the leader. Caught by the filter
 * that does so; expected, so it carries no stack trace.
 */
public final class NotLeaderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotLeaderException() {
        super("this node does not lead", null, false, false);
    }
}
