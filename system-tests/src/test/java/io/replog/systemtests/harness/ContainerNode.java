package io.replog.systemtests.harness;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A node in a container of the image. It has two networks: the engine's own, over which tests reach its published
 * port, and the cluster's, over which its peers do and from which it can be cut off.
 */
final class ContainerNode extends Node {
    private static final int STOP_SECONDS = 30;

    private final String image;
    private final String network;
    private final Map<String, String> environment;
    private final int port;
    private final String volume;
    private final DockerClient docker = DockerClientFactory.instance().client();
    private @Nullable GenericContainer<?> container;

    ContainerNode(String id, Http http, String image, String network, int port, Map<String, String> environment) {
        super(id, http);
        this.image = image;
        this.network = network;
        this.port = port;
        this.environment = new HashMap<>(environment);
        this.environment.put("SERVER_PORT", Integer.toString(port));
        this.volume = "replog-" + port + "-" + id;
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void start() {
        if (container != null) {
            docker.startContainerCmd(container.getContainerId()).exec();
            return;
        }
        GenericContainer<?> created = new Member(image);
        created.withEnv(environment)
                .withCommand(ClusterSpec.appOf(id()))
                .withCreateContainerCmdModifier(
                        command -> command.getHostConfig().withBinds(new Bind(volume, new Volume("/data"))));
        created.setPortBindings(List.of("127.0.0.1:" + port + ":" + port));
        created.start();
        container = created;
    }

    @Override
    public void kill() {
        docker.killContainerCmd(containerId()).withSignal("KILL").exec();
        awaitEnd();
    }

    @Override
    public Duration stop() {
        Instant start = Instant.now();
        docker.stopContainerCmd(containerId()).withTimeout(STOP_SECONDS).exec();
        awaitEnd();
        return Duration.between(start, Instant.now());
    }

    @Override
    public void pause() {
        // Not the engine's own pause: where a health check starts just then, the freezer fails.
        docker.killContainerCmd(containerId()).withSignal("STOP").exec();
        Signals.awaitStopped(pid());
    }

    @Override
    public void resume() {
        docker.killContainerCmd(containerId()).withSignal("CONT").exec();
    }

    @Override
    public void wipe() {
        end();
    }

    @Override
    public boolean isRunning() {
        return container != null && Boolean.TRUE.equals(inspect().getState().getRunning());
    }

    @Override
    public List<String> rollbacks() {
        String lines = Commands.run(
                "docker", "exec", containerId(), "sh", "-c", "find /data -path '*/rollbacks/*.ndjson' -exec cat {} +");
        return lines.lines().toList();
    }

    @Override
    public String log() {
        if (container == null) {
            return "(never started)";
        }
        String all = container.getLogs();
        return all.substring(Math.max(0, all.length() - 12_000));
    }

    /** Where its peers reach it. */
    String address() {
        return inspect().getNetworkSettings().getNetworks().values().stream()
                .filter(joined -> network.equals(joined.getNetworkID()))
                .findFirst()
                .orElseThrow()
                .getIpAddress();
    }

    int port() {
        return port;
    }

    /** Adds a rule to the packet filter of its network namespace; {@code -F} takes all of them away. */
    void filter(String... rule) {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid()), "--net", "iptables"));
        command.addAll(List.of(rule));
        Commands.run(command.toArray(String[]::new));
    }

    /** As this machine numbers its first process. */
    private long pid() {
        return inspect().getState().getPidLong();
    }

    private InspectContainerResponse inspect() {
        return docker.inspectContainerCmd(containerId()).exec();
    }

    void leave() {
        docker.disconnectFromNetworkCmd()
                .withNetworkId(network)
                .withContainerId(containerId())
                .withForce(true)
                .exec();
    }

    void join() {
        join(containerId());
    }

    private void join(String containerId) {
        docker.connectToNetworkCmd()
                .withNetworkId(network)
                .withContainerId(containerId)
                .withContainerNetwork(new ContainerNetwork().withAliases(id()))
                .exec();
    }

    /** Takes the container and its disk away. */
    void end() {
        if (container != null) {
            container.stop();
            container = null;
        }
        try {
            docker.removeVolumeCmd(volume).exec();
        } catch (NotFoundException e) {
            // never started
        }
    }

    private void awaitEnd() {
        Wait.until(id() + " has ended", Duration.ofSeconds(10), () -> !isRunning());
    }

    /** Joins the cluster's network before its process starts. */
    private final class Member extends GenericContainer<Member> {
        Member(String image) {
            super(image);
        }

        @Override
        protected void containerIsCreated(String containerId) {
            join(containerId);
        }
    }

    private String containerId() {
        if (container == null) {
            throw new IllegalStateException(id() + " was never started");
        }
        return container.getContainerId();
    }
}
