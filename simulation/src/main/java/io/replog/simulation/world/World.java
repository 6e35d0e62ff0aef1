package io.replog.simulation.world;

import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Input;
import io.replog.simulation.invariant.InvariantViolation;
import io.replog.simulation.invariant.Invariants;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Everything there is, made from one seed and driven by one thread. */
public final class World {
    private static final String FOUNDER = "master";

    private final Scenario scenario;
    private final Trace trace;
    private final ReplicaPort.Factory replicas;
    private final Agenda agenda = new Agenda();
    private final History history = new History();
    private final Invariants invariants;
    private final Network network;
    private final Clients clients;
    private final FaultInjector faults;
    private final Map<NodeId, SimulatedNode> nodes = new LinkedHashMap<>();
    private final List<Client> population = new ArrayList<>();
    private final RandomGenerator random;
    private boolean closing;
    private long events;

    /**
     * @param seed     decides everything
     * @param replicas makes the replicas of nodes that start
     */
    public World(long seed, Scenario scenario, Trace trace, ReplicaPort.Factory replicas) {
        SplittableRandom source = new SplittableRandom(seed);
        this.scenario = scenario;
        this.trace = trace;
        this.replicas = replicas;
        this.random = source.split();
        // An administrator may make of a member what he likes.
        boolean byPolicyAlone = !scenario.faults().kinds().contains(Scenario.Fault.MEMBERSHIP_CHANGE);
        this.invariants = new Invariants(
                scenario.limits().requestKeys(),
                byPolicyAlone ? scenario.timing().spareAfter() : Invariants.ANY_TIME,
                history::operationOf);
        this.network = new Network(agenda, source.split(), scenario.network(), this::deliver);
        this.clients = new Clients(this, source.split());
        this.faults = new FaultInjector(this, source.split());
        makeNodes(source);
        for (int i = 1; i <= scenario.clients(); i++) {
            population.add(new Client(this, source.split(), "c" + i));
        }
    }

    private void makeNodes(SplittableRandom source) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < scenario.nodes().size(); i++) {
            Scenario.NodeShape shape = scenario.nodes().get(i);
            NodeId id = idOf(i);
            members.add(new Member(id, urlOf(id), shape.kind(), shape.priority(), Member.UNBOUND));
        }
        Membership founding = new Membership(members);
        for (int i = 0; i < scenario.nodes().size() + scenario.strangers(); i++) {
            NodeId id = idOf(i);
            Membership configured = founding.contains(id)
                    ? founding
                    : founding.with(
                            new Member(id, urlOf(id), MemberKind.LEARNER, Member.DEFAULT_PRIORITY, Member.UNBOUND));
            nodes.put(id, new SimulatedNode(id, this, source.split(), configured, i == 0, faults.drawRate()));
            if (founding.contains(id) && scenario.nodes().get(i).absent()) {
                node(id).goAway();
            }
        }
    }

    private static NodeId idOf(int number) {
        return new NodeId(number == 0 ? FOUNDER : "secondary-" + number);
    }

    static String urlOf(NodeId id) {
        return "http://" + id;
    }

    private void deliver(NodeId to, PeerEnvelope envelope) {
        SimulatedNode node = nodes.get(to);
        NodeProcess process = node == null ? null : node.process();
        if (process != null) {
            process.later(0, () -> process.take(new Input.Received(envelope)));
        }
    }

    // the run

    /**
     * Lets everything go wrong for as long as the scenario says, then heals everything and sees whether the cluster
     * recovers.
     *
     * @throws InvariantViolation as soon as a promise is broken
     */
    public Report run() {
        for (int i = 0; i < scenario.nodes().size(); i++) {
            agenda.after(random.nextLong(scenario.timing().electionTimeout()), node(idOf(i))::start);
        }
        population.forEach(Client::think);
        faults.begin();
        runUntil(scenario.trouble());
        trace.note(agenda.now(), "world", "heals");
        faults.heal();
        closing = true;
        EndCheck end = new EndCheck(this);
        end.run();
        population.forEach(Client::abandon);
        return end.judge(events);
    }

    void runUntil(long end) {
        while (agenda.step(end)) {
            events++;
        }
    }

    // for those who live in it

    Scenario scenario() {
        return scenario;
    }

    Trace trace() {
        return trace;
    }

    ReplicaPort.Factory replicas() {
        return replicas;
    }

    Agenda agenda() {
        return agenda;
    }

    History history() {
        return history;
    }

    Invariants invariants() {
        return invariants;
    }

    Network network() {
        return network;
    }

    Clients clients() {
        return clients;
    }

    /** Whether clients should begin nothing more. */
    boolean isClosing() {
        return closing;
    }

    List<SimulatedNode> nodes() {
        return List.copyOf(nodes.values());
    }

    SimulatedNode node(NodeId id) {
        SimulatedNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node " + id);
        }
        return node;
    }

    SimulatedNode anyNode(RandomGenerator choice) {
        int number = choice.nextInt(nodes.size());
        return nodes.values().stream().skip(number).findFirst().orElseThrow();
    }
}
