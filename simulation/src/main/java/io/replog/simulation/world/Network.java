package io.replog.simulation.world;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessageCodec;
import io.replog.core.quorum.NodeId;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The network between the nodes: it delays, drops, doubles and reorders, and lets nothing pass where it is cut. Messages
 * travel as bytes.
 */
final class Network {
    /** Where messages arrive. */
    interface Receiver {
        void receive(NodeId to, PeerEnvelope envelope);
    }

    private record Link(NodeId from, NodeId to) {}

    private static final int SLOWEST = 100;

    private final Agenda agenda;
    private final RandomGenerator random;
    private final Scenario.NetworkShape shape;
    private final Receiver receiver;
    private final Set<Link> cuts = new HashSet<>();
    private boolean healed;

    Network(Agenda agenda, RandomGenerator random, Scenario.NetworkShape shape, Receiver receiver) {
        this.agenda = agenda;
        this.random = random;
        this.shape = shape;
        this.receiver = receiver;
    }

    void send(NodeId from, NodeId to, PeerEnvelope envelope) {
        if (cuts.contains(new Link(from, to)) || happens(shape.dropRate())) {
            return;
        }
        byte[] bytes = PeerMessageCodec.encode(envelope);
        deliver(from, to, bytes);
        if (happens(shape.duplicateRate())) {
            deliver(from, to, bytes);
        }
    }

    private void deliver(NodeId from, NodeId to, byte[] bytes) {
        agenda.after(latency(), () -> {
            if (!cuts.contains(new Link(from, to))) {
                receiver.receive(to, PeerMessageCodec.decode(bytes));
            }
        });
    }

    long latency() {
        long latency = shape.minLatency() + random.nextLong(shape.maxLatency() - shape.minLatency() + 1);
        return happens(shape.slowRate()) ? latency * (1 + random.nextInt(SLOWEST)) : latency;
    }

    /** Lets nothing pass in this direction, not even what is on the way. */
    void cut(NodeId from, NodeId to) {
        cuts.add(new Link(from, to));
    }

    void mend() {
        cuts.clear();
    }

    /** From now on everything arrives, in time. */
    void heal() {
        mend();
        healed = true;
    }

    private boolean happens(double rate) {
        return !healed && random.nextDouble() < rate;
    }
}
