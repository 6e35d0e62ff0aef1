package io.replog.systemtests.harness;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/** Nodes in containers, on a network of their own. */
final class ContainerCluster extends Cluster {
    private final String network;
    private final List<ContainerNode> nodes = new ArrayList<>();
    private final Set<ContainerNode> filtered = new HashSet<>();

    ContainerCluster(ClusterSpec spec, String image) {
        super(spec);
        // Internal: the published ports then go over the engine's own network, and outlive a cut.
        network = DockerClientFactory.instance()
                .client()
                .createNetworkCmd()
                .withName("replog-" + UUID.randomUUID())
                .withInternal(true)
                .exec()
                .getId();
        Map<String, Integer> ports = new LinkedHashMap<>();
        spec.ids().forEach(id -> ports.put(id, ProcessCluster.freePort()));
        String members = ports.entrySet().stream()
                .map(e -> e.getKey() + "=http://" + e.getKey() + ":" + e.getValue()
                        + spec.members().get(e.getKey()))
                .collect(Collectors.joining(","));
        ports.forEach((id, port) -> {
            Map<String, String> environment = spec.environmentOf(id);
            environment.putIfAbsent("REPLOG_MEMBERS", members);
            nodes.add(new ContainerNode(id, http, image, network, port, environment));
        });
    }

    /** Builds the image from the repository's Dockerfile, as its README says, unless {@code REPLOG_IMAGE} names one. */
    static String buildImage() {
        String given = System.getenv("REPLOG_IMAGE");
        if (given != null && !given.isBlank()) {
            return given;
        }
        String image = "replog:system-tests";
        Commands.run(
                Apps.home(),
                Map.of(),
                List.of("docker", "build", "--network", "host", "--target", "node", "-t", image, "."));
        return image;
    }

    static boolean engineRuns() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @Override
    public List<ContainerNode> nodes() {
        return nodes;
    }

    @Override
    public void isolate(Node node) {
        ((ContainerNode) node).leave();
    }

    /**
     * Every node opens connections of its own for what it says, so a filter on where they go to cuts one direction, and
     * the tests' own requests, which come over another network, pass.
     */
    @Override
    public void deafen(Node node) {
        ContainerNode deaf = (ContainerNode) node;
        for (Node peer : others(node)) {
            drop(deaf, "INPUT", "--source", ((ContainerNode) peer).address(), deaf.port());
        }
    }

    @Override
    public void mute(Node node) {
        ContainerNode mute = (ContainerNode) node;
        for (Node other : others(node)) {
            ContainerNode peer = (ContainerNode) other;
            drop(mute, "OUTPUT", "--destination", peer.address(), peer.port());
        }
    }

    private void drop(ContainerNode node, String chain, String side, String address, int port) {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs to filter packets");
        node.filter(
                "--append", chain, "--protocol", "tcp", side, address, "--dport", Integer.toString(port), "-j", "DROP");
        filtered.add(node);
    }

    @Override
    public void heal(Node node) {
        if (filtered.remove((ContainerNode) node)) {
            ((ContainerNode) node).filter("--flush");
        } else {
            ((ContainerNode) node).join();
        }
    }

    @Override
    public void close() {
        nodes.forEach(ContainerNode::end);
        http.close();
        DockerClientFactory.instance().client().removeNetworkCmd(network).exec();
    }
}
