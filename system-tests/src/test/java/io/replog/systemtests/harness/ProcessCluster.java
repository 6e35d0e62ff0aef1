package io.replog.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Nodes as processes on this machine, on free ports, with folders of their own. */
public final class ProcessCluster extends Cluster {
    private final Path home;
    private final List<ProcessNode> nodes = new ArrayList<>();

    ProcessCluster(ClusterSpec spec, Apps apps) {
        super(spec);
        try {
            home = Files.createTempDirectory("replog-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Integer> ports = new LinkedHashMap<>();
        spec.ids().forEach(id -> ports.put(id, freePort()));
        String members = ports.entrySet().stream()
                .map(e -> e.getKey() + "=http://127.0.0.1:" + e.getValue()
                        + spec.members().get(e.getKey()))
                .collect(Collectors.joining(","));
        ports.forEach((id, port) -> {
            Map<String, String> environment = spec.environmentOf(id);
            environment.putIfAbsent("REPLOG_MEMBERS", members);
            nodes.add(new ProcessNode(id, http, apps, port, home, environment));
        });
    }

    @Override
    public List<ProcessNode> nodes() {
        return nodes;
    }

    public ProcessNode process(String id) {
        return (ProcessNode) node(id);
    }

    /** The folder of the nodes' data and logs. */
    public Path home() {
        return home;
    }

    @Override
    public void isolate(Node node) {
        cut("block", node);
    }

    @Override
    public void deafen(Node node) {
        cut("blockFrom", node);
    }

    @Override
    public void mute(Node node) {
        cut("blockTo", node);
    }

    private void cut(String fault, Node node) {
        String peers = others(node).stream().map(peer -> '"' + peer.id() + '"').collect(Collectors.joining(","));
        node.setFaults("{\"peers\":{\"" + fault + "\":[" + peers + "]}}");
    }

    @Override
    public void heal(Node node) {
        node.call("DELETE", "/faults");
    }

    @Override
    public void close() {
        nodes.forEach(ProcessNode::end);
        http.close();
        ProcessNode.delete(home);
    }

    /** Below the range from which the system gives ports to outgoing connections, so that none of them takes it. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken: another one
            }
        }
    }
}
