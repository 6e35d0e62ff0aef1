package io.replog.simulation.world;

import io.replog.core.log.RequestKey;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import io.replog.simulation.invariant.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way between clients and nodes: requests and answers take time and may be lost. What a node answers is judged at the
 * moment when it does; what the client hears of it is another matter.
 */
final class Clients {
    private static final double LOST_ANSWERS = 0.01;

    private final World world;
    private final RandomGenerator random;
    private final Map<Long, Attempt> open = new LinkedHashMap<>();
    private long attempts;

    /** How many requests with an idempotency key were handed to nodes. */
    private long keyed;

    /** How many of them had come by the first attempt of each one, or were its own repeats. */
    private final Map<Operation, Long> othersBefore = new HashMap<>();

    private boolean healed;

    Clients(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /** Sends a request to a node; after {@code patience} the client gives up. */
    void request(
            SimulatedNode node,
            @Nullable Operation operation,
            long patience,
            Attempt.Maker maker,
            Attempt.Listener listener) {
        Attempt attempt = new Attempt(++attempts, operation, listener);
        if (operation != null) {
            world.invariants().attempted(operation, attempt.id);
        }
        world.agenda().after(world.network().latency(), () -> arrive(node, attempt, maker));
        world.agenda().after(patience, () -> {
            if (attempt.hear()) {
                attempt.listener.lost();
            }
        });
    }

    private void arrive(SimulatedNode node, Attempt attempt, Attempt.Maker maker) {
        NodeProcess process = node.process();
        if (process == null) {
            refuse(attempt);
            return;
        }
        attempt.process = process;
        open.put(attempt.id, attempt);
        if (process.isPaused()) {
            process.later(0, () -> handOver(node, process, attempt, maker));
        } else {
            handOver(node, process, attempt, maker);
        }
    }

    private void handOver(SimulatedNode node, NodeProcess process, Attempt attempt, Attempt.Maker maker) {
        Operation operation = attempt.operation;
        if (operation != null && operation.key() instanceof RequestKey.Idempotency && !mayBeSent(operation)) {
            open.remove(attempt.id);
            refuse(attempt);
            return;
        }
        Input input = maker.make(attempt.id, node.clock().now());
        if (input instanceof Input.Append append) {
            if (!process.submit(append)) {
                world.trace().note(world.agenda().now(), node, "has no room for attempt", attempt.id);
                open.remove(attempt.id);
                refuse(attempt);
            }
        } else {
            process.take(input);
        }
    }

    /**
     * A client that repeats a request keeps to what it is promised: its key is known while it is one of the newest. So no
     * repeat comes behind so many others that it could be taken for a new request.
     */
    private boolean mayBeSent(Operation operation) {
        Long before = othersBefore.get(operation);
        if (before == null) {
            othersBefore.put(operation, ++keyed);
            return true;
        }
        // its own attempts are not among the others
        boolean known = keyed - before < world.scenario().limits().requestKeys();
        if (known) {
            keyed++;
            othersBefore.put(operation, before + 1);
        }
        return known;
    }

    private void refuse(Attempt attempt) {
        if (attempt.operation != null) {
            world.invariants().refused(attempt.operation, attempt.id, null);
        }
        reply(attempt, attempt.listener::refused);
    }

    /** A node has answered. */
    void answered(NodeProcess process, long requestId, Outcome outcome) {
        Attempt attempt = open.remove(requestId);
        if (attempt == null) {
            return;
        }
        NodeId node = process.id();
        Operation operation = attempt.operation;
        if (operation != null) {
            switch (outcome) {
                case Outcome.Acknowledged acknowledged ->
                    world.invariants().acknowledged(node, operation, attempt.id, acknowledged);
                case Outcome.Refused refused -> world.invariants().refused(operation, attempt.id, refused.reason());
                case Outcome.Unknown _ -> world.invariants().unknown(operation, attempt.id);
                case Outcome.Acks _, Outcome.ReadReady _, Outcome.Done _ ->
                    throw new IllegalStateException(node + " answered a write with " + outcome);
            }
        }
        reply(attempt, () -> attempt.listener.answered(process, outcome));
    }

    private void reply(Attempt attempt, Runnable heard) {
        boolean lost = !healed && random.nextDouble() < LOST_ANSWERS;
        world.agenda().after(world.network().latency(), () -> {
            if (attempt.hear()) {
                if (lost) {
                    attempt.listener.lost();
                } else {
                    heard.run();
                }
            }
        });
    }

    /** A process has ended: nobody will hear of what it was asked. */
    void lost(NodeProcess process) {
        List<Attempt> gone = new ArrayList<>();
        open.values().removeIf(attempt -> {
            boolean its = process.equals(attempt.process);
            if (its) {
                gone.add(attempt);
            }
            return its;
        });
        for (Attempt attempt : gone) {
            if (attempt.operation != null) {
                world.invariants().unknown(attempt.operation, attempt.id);
            }
            reply(attempt, attempt.listener::lost);
        }
    }

    /** From now on every answer is heard. */
    void heal() {
        healed = true;
    }
}
