package io.replog.cli.cluster;

import io.replog.api.client.ReplogClient;
import io.replog.api.cluster.NodeHealth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A cluster of real processes on free ports of this machine, with data in a temporary folder and fault injection on.
 * Whatever happens, no process is left: neither after {@link #close} nor after the end of this program, be it by Ctrl-C
 * or by SIGKILL.
 */
public final class LocalCluster implements AutoCloseable {
    /** How long nodes may take to start. */
    public static final Duration START_LIMIT = Duration.ofSeconds(90);

    private static final String MASTER = "master";

    private final Path directory;
    private final Map<String, LocalNode> nodes = new LinkedHashMap<>();
    private final NodeGuard guard;

    /**
     * Lays out a cluster; starts nothing.
     *
     * @param jars     what to run
     * @param shape    its members
     * @param settings properties for all nodes
     */
    public LocalCluster(NodeJars jars, Shape shape, Map<String, String> settings) {
        try {
            directory = Files.createTempDirectory("replog-");
        } catch (IOException e) {
            throw new ClusterException("cannot make a folder for the nodes' data: " + e.getMessage(), e);
        }
        guard = new NodeGuard(directory);
        List<Integer> ports = freePorts(shape.kinds().size());
        Map<String, Integer> portOf = new LinkedHashMap<>();
        shape.kinds().keySet().forEach(id -> portOf.put(id, ports.get(portOf.size())));
        String members = shape.kinds().entrySet().stream()
                .map(member -> member.getKey() + "=http://127.0.0.1:" + portOf.get(member.getKey())
                        + (member.getValue().isEmpty() ? "" : ";kind=" + member.getValue()))
                .collect(Collectors.joining(","));
        Map<String, String> all = new TreeMap<>(Map.of("replog.faults.enabled", "true"));
        all.putAll(settings);
        all.put("replog.members", members);
        portOf.forEach((id, port) -> {
            NodeJars.App app = id.equals(MASTER) ? jars.master() : jars.secondary();
            nodes.put(id, new LocalNode(id, port, directory.resolve(id), app, all, guard));
        });
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new ClusterException("no free ports: " + e.getMessage(), e);
        } finally {
            for (ServerSocket socket : sockets) {
                close(socket);
            }
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new ClusterException("cannot release a port: " + e.getMessage(), e);
        }
    }

    /** All nodes, the master first. */
    public List<LocalNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** @throws IllegalArgumentException where there is no such node */
    public LocalNode node(String id) {
        LocalNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node '" + id + "'");
        }
        return node;
    }

    public List<String> urls() {
        return nodes.values().stream().map(LocalNode::url).toList();
    }

    /** A client of the whole cluster. */
    public ReplogClient client(Duration timeout) {
        return ReplogClient.of(urls(), timeout);
    }

    /** Starts all nodes and waits until they serve and follow one leader. */
    public void startAll() {
        start(nodes.keySet().toArray(String[]::new));
    }

    /** Starts nodes and waits until each of them serves and knows a leader that would take a write. */
    public void start(String... ids) {
        for (String id : ids) {
            node(id).start();
        }
        for (String id : ids) {
            awaitServing(node(id));
        }
    }

    /**
     * Waits until the node serves, knows a leader that would take a write, and has its vote where it is a voter: from
     * then on any one node may fail.
     *
     * @throws ClusterException where it ends or takes too long
     */
    public void awaitServing(LocalNode node) {
        boolean serving = Await.until(START_LIMIT, () -> {
            if (!node.isAlive()) {
                throw new ClusterException("node " + node.id() + " ended at its start: " + node.lastWords(), null);
            }
            return node.health()
                    .filter(health -> health.leader() != null && !health.readOnly() && !lacksItsVote(health))
                    .isPresent();
        });
        if (!serving) {
            throw new ClusterException(
                    "node " + node.id() + " did not serve within " + START_LIMIT.toSeconds() + " s: "
                            + node.lastWords(),
                    null);
        }
    }

    private static boolean lacksItsVote(NodeHealth health) {
        return health.role().equals("learner")
                && health.members().stream()
                        .anyMatch(member -> member.id().equals(health.node())
                                && member.kind().equals("voter"));
    }

    /** The node that leads with a quorum now, empty where none does. */
    public Optional<LocalNode> leader() {
        return nodes.values().stream()
                .filter(node -> node.health()
                        .filter(health -> health.role().equals("leader") && health.quorum())
                        .isPresent())
                .findFirst();
    }

    /** @throws ClusterException where nobody leads in time */
    public LocalNode awaitLeader() {
        Await.until(START_LIMIT, () -> leader().isPresent());
        return leader().orElseThrow(() -> new ClusterException("no node leads", null));
    }

    /** Ends all nodes at once and removes their data. */
    @Override
    public void close() {
        nodes.values().forEach(LocalNode::abandon);
        nodes.values().forEach(LocalNode::close);
        guard.close();
    }

    /**
     * Members of a cluster.
     *
     * @param kinds kind by id, in order; an empty kind is left to the node. The master is called {@code master}
     */
    public record Shape(Map<String, String> kinds) {
        /** A master and some secondaries, called {@code secondary-1} and so on. */
        public static Shape ofSecondaries(int secondaries) {
            Map<String, String> kinds = new LinkedHashMap<>();
            kinds.put(MASTER, "");
            for (int i = 1; i <= secondaries; i++) {
                kinds.put("secondary-" + i, "");
            }
            return new Shape(kinds);
        }
    }
}
