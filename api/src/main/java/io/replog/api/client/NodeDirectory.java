package io.replog.api.client;

import io.replog.api.ReplogHeaders;
import io.replog.api.cluster.ClusterView;
import io.replog.api.cluster.MemberView;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that the client was given, those that it learned of, and which of them leads. Thread-safe.
 *
 * <p>A node that was given is preferred to a URL that the cluster tells for the same id: the cluster may use names that
 * mean nothing here, as those inside of a container network.
 */
final class NodeDirectory implements Closeable {
    private static final Duration VIEW_TIMEOUT = Duration.ofSeconds(1);
    private static final String WITNESS = "witness";

    private final List<NodeEndpoint> given;
    private final ConcurrentMap<String, NodeEndpoint> learned = new ConcurrentHashMap<>();
    private final Set<String> witnesses = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean discovered = new AtomicBoolean();
    private volatile Leader leader = new Leader(null, -1);

    NodeDirectory(List<NodeAddress> addresses) {
        given = new LinkedHashSet<>(addresses).stream().map(NodeEndpoint::new).toList();
    }

    List<NodeEndpoint> given() {
        return given;
    }

    /** Id of the leader as last heard, null where unknown. */
    @Nullable String leaderId() {
        return leader.id();
    }

    /** Asks the given nodes for the view, once, so that the others are known before one of them fails. */
    void discover(Deadline deadline) {
        if (!discovered.compareAndSet(false, true)) {
            return;
        }
        boolean answered = false;
        for (NodeEndpoint endpoint : given) {
            answered |= refresh(endpoint, deadline);
            if (answered && leaderIsGiven()) {
                return;
            }
        }
        discovered.set(answered);
    }

    private boolean leaderIsGiven() {
        String id = leaderId();
        return id != null && given.stream().anyMatch(endpoint -> id.equals(endpoint.id()));
    }

    /** Asks one node for the view; false where it does not answer. */
    boolean refresh(NodeEndpoint endpoint, Deadline deadline) {
        Deadline soon = deadline.within(VIEW_TIMEOUT);
        try {
            HttpReply reply = endpoint.exchange(Calls.json(Target.of("/cluster")), Patience.until(soon), (int)
                    Math.max(1, Math.min(soon.remainingMillis(), NodeEndpoint.CONNECT_TIMEOUT_MILLIS)));
            learn(endpoint, reply.head());
            if (reply.head().isSuccess()) {
                learn(Json.read(reply.body(), ClusterView.class));
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks the first node that is not among those that failed, given by their URLs, for the view. */
    void refreshAny(Set<String> failed, Deadline deadline) {
        for (NodeEndpoint endpoint : inOrder(ReplogOperations.Route.GIVEN)) {
            if (!failed.contains(endpoint.address().toString()) && refresh(endpoint, deadline)) {
                return;
            }
        }
    }

    /** Takes in what each answer tells: who answers, and who leads. */
    void learn(NodeEndpoint endpoint, HttpHead head) {
        String node = head.header(ReplogHeaders.NODE);
        if (node != null && !node.equals(endpoint.id())) {
            endpoint.learnId(node);
        }
        learnLeader(head.header(ReplogHeaders.LEADER), term(head));
    }

    private static long term(HttpHead head) {
        String text = head.header(ReplogHeaders.TERM);
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void learn(ClusterView view) {
        witnesses.clear();
        for (MemberView member : view.members()) {
            if (WITNESS.equals(member.kind())) {
                witnesses.add(member.id());
            }
            try {
                NodeAddress address = NodeAddress.parse(member.url());
                given.stream()
                        .filter(endpoint -> endpoint.address().equals(address) && endpoint.id() == null)
                        .forEach(endpoint -> endpoint.learnId(member.id()));
                NodeEndpoint known = learned.get(member.id());
                if (known == null || !known.address().equals(address)) {
                    NodeEndpoint fresh = new NodeEndpoint(address);
                    fresh.learnId(member.id());
                    learned.put(member.id(), fresh);
                }
            } catch (IllegalArgumentException e) {
                // A URL that means nothing here; the nodes that were given remain.
                learned.remove(member.id());
            }
        }
        learnLeader(view.leader(), view.term());
    }

    private void learnLeader(@Nullable String id, long term) {
        Leader known = leader;
        if (term >= known.term() && !(Objects.equals(id, known.id()) && term == known.term())) {
            boolean sameTerm = term == known.term();
            if (!(sameTerm && id == null)) {
                leader = new Leader(id, term);
            }
        }
    }

    /** The node did not answer: if it leads, nobody is known to lead. */
    void suspect(NodeEndpoint endpoint) {
        endpoint.failed();
        Leader known = leader;
        if (known.id() != null && known.id().equals(endpoint.id())) {
            leader = new Leader(null, known.term());
        }
    }

    /** All nodes in the order in which to try them; those that did not answer lately come last. */
    List<NodeEndpoint> inOrder(ReplogOperations.Route route) {
        List<NodeEndpoint> order = new ArrayList<>();
        Set<String> ids = new LinkedHashSet<>();
        String leading = leaderId();
        if (route == ReplogOperations.Route.LEADER && leading != null) {
            NodeEndpoint endpoint = byId(leading);
            if (endpoint != null) {
                order.add(endpoint);
                ids.add(leading);
            }
        }
        for (NodeEndpoint endpoint : given) {
            add(endpoint, order, ids);
        }
        for (NodeEndpoint endpoint : learned.values()) {
            boolean isGiven = given.stream().anyMatch(known -> known.address().equals(endpoint.address()));
            boolean isWitness = witnesses.contains(endpoint.id());
            if (!isGiven && !isWitness) {
                add(endpoint, order, ids);
            }
        }
        List<NodeEndpoint> failed =
                order.stream().filter(NodeEndpoint::failedLately).toList();
        order.removeAll(failed);
        order.addAll(failed);
        return order;
    }

    private static void add(NodeEndpoint endpoint, List<NodeEndpoint> order, Set<String> ids) {
        String id = endpoint.id();
        if (id == null || ids.add(id)) {
            order.add(endpoint);
        }
    }

    /** The node of an id; null where it is unknown. */
    @Nullable NodeEndpoint byId(String id) {
        for (NodeEndpoint endpoint : given) {
            if (id.equals(endpoint.id())) {
                return endpoint;
            }
        }
        return learned.get(id);
    }

    @Override
    public void close() {
        given.forEach(NodeEndpoint::close);
        learned.values().forEach(NodeEndpoint::close);
    }

    private record Leader(@Nullable String id, long term) {}
}
