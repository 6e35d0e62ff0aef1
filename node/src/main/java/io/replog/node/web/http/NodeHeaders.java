package io.replog.node.web.http;

import io.replog.api.ReplogHeaders;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.ReplicaStatus;
import io.replog.node.engine.ReplicatedLog;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;

/** The headers that every response has. Thread-safe. */
public final class NodeHeaders {
    private final ReplicatedLog log;

    public NodeHeaders(ReplicatedLog log) {
        this.log = log;
    }

    /**
     * Sets them as they are now.
     *
     * @return the status that they come from
     */
    public ReplicaStatus set(HttpServletResponse response) {
        ReplicaStatus status = log.status();
        NodeId leader = status.leader();
        response.setHeader(ReplogHeaders.NODE, log.self().value());
        response.setHeader(ReplogHeaders.TERM, Long.toString(status.term()));
        response.setHeader(ReplogHeaders.LEADER, leader == null ? null : leader.value());
        return status;
    }

    /** Sets them again where another leader or term came since {@code before}, and the answer has not begun. */
    void update(HttpServletResponse response, ReplicaStatus before) {
        ReplicaStatus now = log.status();
        if ((now.term() != before.term() || !Objects.equals(now.leader(), before.leader()))
                && !response.isCommitted()) {
            set(response);
        }
    }
}
