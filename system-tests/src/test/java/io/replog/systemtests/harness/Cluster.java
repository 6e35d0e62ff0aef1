package io.replog.systemtests.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Nodes that know of each other. Closing it ends them and takes away what they stored. */
public abstract class Cluster implements AutoCloseable {
    /** Time for an election, on a machine where everything runs at once. */
    public static final Duration ELECTION = Duration.ofSeconds(30);

    /** Time for a node to hold what others hold. */
    public static final Duration CATCH_UP = Duration.ofSeconds(60);

    private final ClusterSpec spec;
    final Http http = new Http();

    Cluster(ClusterSpec spec) {
        this.spec = spec;
    }

    public final ClusterSpec spec() {
        return spec;
    }

    @Override
    public abstract void close();

    /** In the members' order. */
    public abstract List<? extends Node> nodes();

    /** Cuts it off from its peers; tests reach it on. */
    public abstract void isolate(Node node);

    /** Lets nothing pass from its peers to it; they hear it on. */
    public abstract void deafen(Node node);

    /** Lets nothing pass from it to its peers; it hears them on. */
    public abstract void mute(Node node);

    public abstract void heal(Node node);

    public final Node node(String id) {
        for (Node node : nodes()) {
            if (node.id().equals(id)) {
                return node;
            }
        }
        throw new IllegalArgumentException("no node " + id);
    }

    public final Node master() {
        return node("master");
    }

    public final List<Node> others(Node... without) {
        List<Node> others = new ArrayList<>(nodes());
        others.removeAll(List.of(without));
        return others;
    }

    /** Nodes that hold messages. */
    public final List<Node> dataNodes() {
        return nodes().stream()
                .filter(node -> !spec.members().get(node.id()).contains("kind=witness"))
                .collect(Collectors.toList());
    }

    public final void startAll() {
        nodes().forEach(Node::start);
        awaitReady();
    }

    public final void awaitReady() {
        nodes().forEach(Node::awaitReady);
    }

    /** The node that leads a majority now, as itself says. */
    public final Node leader() {
        return leaderAmong(nodes());
    }

    public final Node leaderAmong(List<? extends Node> nodes) {
        List<Node> found = new ArrayList<>();
        Wait.until("one of " + nodes + " leads", ELECTION, () -> {
            for (Node node : nodes) {
                if (node.isRunning() && leads(node)) {
                    found.add(node);
                    return true;
                }
            }
            return false;
        });
        return found.getFirst();
    }

    private static boolean leads(Node node) {
        try {
            JsonNode health = node.send(Http.request(node.url() + "/health")
                            .timeout(Duration.ofSeconds(2))
                            .GET())
                    .json();
            return health.path("role").asString("").equals("leader")
                    && health.path("quorum").asBoolean(false);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Waits until all data-bearing nodes hold the same log, and answers its messages. */
    public final MessageLog awaitSameLog() {
        return awaitSameLog(dataNodes());
    }

    public final MessageLog awaitSameLog(List<Node> nodes) {
        List<String> seen = new ArrayList<>();
        try {
            Wait.until("all of " + nodes + " hold the same log", CATCH_UP, () -> {
                seen.clear();
                long last = 0;
                for (Node node : nodes) {
                    JsonNode view = node.cluster();
                    last = Math.max(last, view.get("lastIndex").asLong());
                }
                for (Node node : nodes) {
                    seen.add(node + ": " + node.get("/log/digest?upto=" + last).text() + " committed "
                            + node.cluster().get("commitIndex"));
                }
                return seen.stream()
                                .map(line -> line.substring(line.indexOf(':')))
                                .distinct()
                                .count()
                        == 1;
            });
        } catch (AssertionError e) {
            throw new AssertionError("digests at the end: " + seen, e);
        }
        MessageLog first = nodes.getFirst().messages();
        for (Node node : nodes) {
            if (!node.messages().equals(first)) {
                throw new AssertionError(
                        "the digests are equal, the lists of " + nodes.getFirst() + " and " + node + " are not");
            }
        }
        return first;
    }

    /** The ends of all nodes' logs, for a case that failed. */
    public final String logs() {
        return nodes().stream()
                .map(node -> "──── " + node.id() + (node.isRunning() ? "" : " (not running)") + "\n" + node.log())
                .collect(Collectors.joining("\n"));
    }
}
