package io.replog.node.web.http;

import io.replog.api.ReplogHeaders;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus;
import io.replog.node.engine.ReplicatedLog;
import jakarta.servlet.http.HttpServletResponse;

/** The headers that every response has. Thread-safe. */
public final class NodeHeaders {
    private final ReplicatedLog log;

    public NodeHeaders(ReplicatedLog log) {
        this.log = log;
    }

    /** Sets them as they are now; to be called again where a request waited for a change. */
    public void set(HttpServletResponse response) {
        ReplicaStatus status = log.status();
        NodeId leader = status.leader();
        response.setHeader(ReplogHeaders.NODE, log.self().value());
        response.setHeader(ReplogHeaders.TERM, Long.toString(status.term()));
        response.setHeader(ReplogHeaders.LEADER, leader == null ? null : leader.value());
    }
}
