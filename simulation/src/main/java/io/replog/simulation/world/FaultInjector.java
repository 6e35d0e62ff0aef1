package io.replog.simulation.world;

import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Makes things go wrong, one after the other and several at once, but only as far as the promises reach: processes, links
 * and clocks without bound, disks never so many that data must be lost.
 */
final class FaultInjector {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final String INJECTED = "fault";
    private static final List<MemberKind> KINDS = List.of(MemberKind.values());

    private final World world;
    private final RandomGenerator random;
    private final List<Scenario.Fault> faults;
    private boolean healed;

    FaultInjector(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
        this.faults = world.scenario().faults().kinds().stream()
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    void begin() {
        if (!faults.isEmpty()) {
            planNext();
        }
    }

    private void planNext() {
        world.agenda().after(1 + random.nextLong(2 * world.scenario().faults().pause()), () -> {
            if (!healed) {
                inject(faults.get(random.nextInt(faults.size())));
                planNext();
            }
        });
    }

    private void inject(Scenario.Fault fault) {
        SimulatedNode node = victim();
        world.trace().note(world.agenda().now(), INJECTED, fault, node);
        switch (fault) {
            case CRASH -> crash(node);
            case POWER_LOSS ->
                world.nodes().stream().filter(SimulatedNode::isUp).toList().forEach(this::crash);
            case PAUSE -> pause(node);
            case BLANK_DISK -> loseDisk(node, () -> node.exchangeDisk());
            case DAMAGED_LOG -> damage(node);
            case POWER_CUT -> node.disk().cutPowerBefore(node.disk().operations() + random.nextInt(20));
            case FAILING_FORCE -> node.disk().failForce(random.nextInt(5));
            case FULL_DISK -> {
                node.disk().setCapacity(node.disk().used() + random.nextInt(8_192));
                restoreLater(() -> node.disk().setCapacity(Long.MAX_VALUE));
            }
            case SLOW_DISK -> {
                node.slowDisk(5 + random.nextInt(100));
                restoreLater(() -> node.slowDisk(1));
            }
            case PARTITION -> partition();
            case ONE_WAY_CUT -> {
                world.network().cut(node.id(), world.anyNode(random).id());
                restoreLater(() -> world.network().mend());
            }
            case ISOLATION -> {
                isolate(node);
                restoreLater(() -> world.network().mend());
            }
            case CLOCK_DRIFT -> node.clock().drift(drawRate());
            case MEMBERSHIP_CHANGE -> changeMembership();
            case TRANSFER -> ask(world.anyNode(random), transferTo(node.id()));
            case GRACEFUL_RESTART -> restartGracefully(node);
        }
    }

    /** Leaders are the most rewarding victims. */
    private SimulatedNode victim() {
        if (random.nextInt(5) < 2) {
            List<SimulatedNode> leaders = world.nodes().stream()
                    .filter(node ->
                            node.process() != null && node.process().status().role() == Role.LEADER)
                    .toList();
            if (!leaders.isEmpty()) {
                return leaders.get(random.nextInt(leaders.size()));
            }
        }
        return world.anyNode(random);
    }

    double drawRate() {
        return 1 + (random.nextDouble() * 2 - 1) * world.scenario().maxDrift();
    }

    private void crash(SimulatedNode node) {
        if (random.nextInt(3) == 0) {
            node.kill(INJECTED);
        } else {
            node.crash(INJECTED);
        }
        startLater(node);
    }

    private void startLater(SimulatedNode node) {
        long longest = world.scenario().faults().downTime();
        boolean quick = random.nextInt(3) == 0;
        world.agenda().after(MILLISECOND + random.nextLong(quick ? longest / 100 : longest), node::start);
    }

    private void restoreLater(Runnable restore) {
        world.agenda().after(200 * MILLISECOND + random.nextLong(5 * SECOND), restore);
    }

    private void pause(SimulatedNode node) {
        NodeProcess process = node.process();
        if (process != null && !process.isPaused()) {
            process.pause();
            world.agenda().after(100 * MILLISECOND + random.nextLong(5 * SECOND), process::resume);
        }
    }

    // disks

    private void loseDisk(SimulatedNode node, Runnable loss) {
        if (mayLoseDisk(node)) {
            node.crash("its disk is lost");
            loss.run();
            startLater(node);
        }
    }

    private void damage(SimulatedNode node) {
        if (mayLoseDisk(node)) {
            node.crash("its disk is damaged");
            boolean damaged = node.damageLog();
            world.trace()
                    .note(world.agenda().now(), INJECTED, damaged ? "damaged" : "found nothing to damage on", node);
            startLater(node);
        }
    }

    private boolean mayLoseDisk(SimulatedNode node) {
        Set<NodeId> lost = new HashSet<>();
        for (Member member : world.invariants().membership().members()) {
            if (world.node(member.id()).incarnation() != member.incarnation()) {
                lost.add(member.id());
            }
        }
        // While a change of the membership is under way, which voters can be spared is not known.
        return node.incarnation() != 0
                && !changesMembership()
                && world.invariants().mayLose(node.id(), lost);
    }

    private boolean changesMembership() {
        return world.nodes().stream()
                .anyMatch(node -> world.invariants().changesMembership(node.id(), node.incarnation()));
    }

    private boolean anyDiskIsLost() {
        return world.invariants().membership().members().stream()
                .anyMatch(member ->
                        member.kind().votes() && world.node(member.id()).incarnation() != member.incarnation());
    }

    // the network

    private void partition() {
        List<NodeId> left = new ArrayList<>();
        List<NodeId> right = new ArrayList<>();
        for (SimulatedNode node : world.nodes()) {
            (random.nextBoolean() ? left : right).add(node.id());
        }
        for (NodeId one : left) {
            for (NodeId other : right) {
                world.network().cut(one, other);
                world.network().cut(other, one);
            }
        }
        restoreLater(() -> world.network().mend());
    }

    private void isolate(SimulatedNode node) {
        for (SimulatedNode other : world.nodes()) {
            world.network().cut(node.id(), other.id());
            world.network().cut(other.id(), node.id());
        }
    }

    // administration

    private void changeMembership() {
        if (anyDiskIsLost()) {
            return;
        }
        SimulatedNode node = world.anyNode(random);
        boolean member = world.invariants().membership().contains(node.id());
        if (member && random.nextBoolean()) {
            ask(world.anyNode(random), (id, now) -> new Input.RemoveMember(id, node.id(), now + 3 * SECOND));
            return;
        }
        MemberKind kind = KINDS.get(random.nextInt(KINDS.size()));
        Member wanted = new Member(node.id(), World.urlOf(node.id()), kind, random.nextInt(3), Member.UNBOUND);
        node.start();
        ask(world.anyNode(random), (id, now) -> new Input.AddMember(id, wanted, now + 3 * SECOND));
    }

    private static Attempt.Maker transferTo(NodeId target) {
        return (id, now) -> new Input.TransferLeadership(id, target, now + 2 * SECOND);
    }

    private void restartGracefully(SimulatedNode node) {
        NodeProcess process = node.process();
        if (process == null) {
            return;
        }
        world.clients()
                .request(
                        node,
                        null,
                        2 * SECOND,
                        (id, now) -> new Input.PrepareToStop(id, now + SECOND),
                        new Attempt.Listener() {
                            @Override
                            public void answered(NodeProcess answering, Outcome outcome) {
                                stop();
                            }

                            @Override
                            public void refused() {}

                            @Override
                            public void lost() {
                                stop();
                            }

                            private void stop() {
                                if (process.equals(node.process())) {
                                    node.kill("stops");
                                    startLater(node);
                                }
                            }
                        });
    }

    /** Asks the leader, or whom one takes for it. */
    private void ask(SimulatedNode node, Attempt.Maker maker) {
        NodeProcess process = node.process();
        NodeId leader = process == null ? null : process.status().leader();
        world.clients()
                .request(leader == null ? node : world.node(leader), null, 4 * SECOND, maker, new Attempt.Listener() {
                    @Override
                    public void answered(NodeProcess answering, Outcome outcome) {
                        world.trace().note(world.agenda().now(), "admin", "heard", outcome);
                    }

                    @Override
                    public void refused() {}

                    @Override
                    public void lost() {}
                });
    }

    /** Nothing goes wrong from now on, and everything is mended. */
    void heal() {
        healed = true;
        world.network().heal();
        world.clients().heal();
        for (SimulatedNode node : world.nodes()) {
            node.disk().setCapacity(Long.MAX_VALUE);
            node.disk().cutPowerBefore(Long.MAX_VALUE);
            node.disk().failForce(Integer.MAX_VALUE);
            node.slowDisk(1);
            NodeProcess process = node.process();
            if (process != null && process.isPaused()) {
                process.resume();
            }
            node.comeBack();
            node.start();
        }
    }
}
