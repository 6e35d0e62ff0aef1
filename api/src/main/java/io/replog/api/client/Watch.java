package io.replog.api.client;

import io.replog.api.cluster.NodeHealth;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits for an answer that may rightly take long, as a write that waits for a slow member, but not for a node that hangs
 * or no longer leads: where nothing comes for a while it asks for the node's health on another connection. Not thread-safe.
 */
final class Watch implements Patience {
    private static final int SLICE_MILLIS = 1_000;
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    /** So often must the node name another leader before the wait is given up: it may be about to answer. */
    private static final int MOST_OTHER_LEADERS = 3;

    private final NodeEndpoint endpoint;
    private final @Nullable String leaderId;
    private final Deadline deadline;
    private int otherLeaders;

    /**
     * @param leaderId the leader as known when the request was sent, null where unknown
     * @param deadline when to give up in any case
     */
    Watch(NodeEndpoint endpoint, @Nullable String leaderId, Deadline deadline) {
        this.endpoint = endpoint;
        this.leaderId = leaderId;
        this.deadline = deadline;
    }

    @Override
    public int sliceMillis() {
        return Math.clamp(deadline.remainingMillis(), 1, SLICE_MILLIS);
    }

    @Override
    public void onSilence() throws IOException {
        if (deadline.passed()) {
            throw new SocketTimeoutException("no answer in time");
        }
        NodeHealth health;
        try (HttpConnection probe = HttpConnection.open(endpoint.address(), NodeEndpoint.CONNECT_TIMEOUT_MILLIS)) {
            Patience patience = Patience.until(deadline.within(PROBE_TIMEOUT));
            probe.send(Calls.json(Target.of("/health")));
            HttpHead head = probe.readHead(patience);
            health = Json.read(probe.body(head, patience).readAllBytes(), NodeHealth.class);
        } catch (IOException e) {
            throw new SocketTimeoutException("it does not answer any more");
        }
        String leads = health.leader();
        if (leaderId != null && leads != null && !leads.equals(leaderId)) {
            otherLeaders++;
            if (otherLeaders >= MOST_OTHER_LEADERS) {
                throw new SocketTimeoutException("it no longer leads");
            }
        }
    }
}
