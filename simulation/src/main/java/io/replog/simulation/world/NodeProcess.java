package io.replog.simulation.world;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.LogEntry;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Effect;
import io.replog.core.replica.Input;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.core.statemachine.StateSnapshot;
import io.replog.simulation.disk.PowerCutException;
import io.replog.simulation.invariant.Invariants;
import io.replog.storage.DataDirectory;
import io.replog.storage.DiskFullException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One run of a node's process, from its start to its end: the replica, and around it what the engine does with threads,
 * here done with the agenda. Nothing that was planned for it happens after its end.
 */
final class NodeProcess {
    private static final long MILLISECOND = 1_000_000;
    private static final long MAINTENANCE_EVERY = 1_000 * MILLISECOND;
    private static final long SLOWEST_FORCE = 2_000 * MILLISECOND;
    private static final long LONGEST_NAP = MILLISECOND / 5;

    private record Waiting(long index, Runnable action) {}

    private final SimulatedNode node;
    private final World world;
    private final RandomGenerator random;
    private final DataDirectory directory;
    private final ReplicaPort replica;
    private final LogWriter writer;
    private final Deque<Input> inbox = new ArrayDeque<>();
    private final Deque<Effect> effects = new ArrayDeque<>();
    private final Deque<Runnable> deferred = new ArrayDeque<>();
    private final IdentityHashMap<Effect, Long> reserved = new IdentityHashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean alive = true;
    private boolean paused;
    private boolean busy;
    private boolean wakes;
    private long tickAt = Long.MAX_VALUE;

    NodeProcess(SimulatedNode node, World world, RandomGenerator random, DataDirectory directory, ReplicaPort replica) {
        this.node = node;
        this.world = world;
        this.random = random;
        this.directory = directory;
        this.replica = replica;
        this.writer = new LogWriter(this, directory.log());
        directory.log().onMaintenanceDue(() -> later(writeTime(), this::maintain));
        maintainRegularly();
        planTick();
    }

    NodeId id() {
        return node.id();
    }

    ReplicaStatus status() {
        return replica.status();
    }

    DataDirectory directory() {
        return directory;
    }

    Invariants invariants() {
        return world.invariants();
    }

    /** See {@link SimulatedNode#rolledBack}. */
    String rolledBack(long fromIndex) {
        return node.rolledBack(fromIndex);
    }

    boolean isPaused() {
        return paused;
    }

    // time

    /** Plans something that only happens if the process still runs then, and not before it goes on where it is paused. */
    void later(long delay, Runnable action) {
        world.agenda().after(delay, () -> {
            if (!alive) {
                return;
            }
            if (paused) {
                deferred.add(action);
            } else {
                perform(action);
            }
        });
    }

    private void perform(Runnable action) {
        try {
            action.run();
        } catch (PowerCutException e) {
            node.lostPower(String.valueOf(e.getMessage()));
        }
    }

    long forceTime() {
        Scenario.DiskShape shape = world.scenario().disk();
        long time = shape.minForce() + random.nextLong(shape.maxForce() - shape.minForce() + 1);
        if (random.nextDouble() < shape.slowRate()) {
            time *= 1 + random.nextInt(50);
        }
        return Math.min(time * node.diskSlowness(), SLOWEST_FORCE);
    }

    long writeTime() {
        return random.nextLong(MILLISECOND / 10) * node.diskSlowness();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        while (alive && !paused && !deferred.isEmpty()) {
            perform(deferred.remove());
        }
    }

    // what comes in

    /** Hands over a write of a client; false where the disk has no room for it, so that it is refused. */
    boolean submit(Input.Append append) {
        try {
            directory.log().reserve(append.request().frameBytes());
        } catch (DiskFullException e) {
            return false;
        } catch (IOException e) {
            halt("reserving room failed: " + e.getMessage());
            return false;
        } catch (PowerCutException e) {
            node.lostPower(String.valueOf(e.getMessage()));
            return false;
        }
        take(append);
        return true;
    }

    void take(Input input) {
        inbox.add(input);
        if (random.nextInt(4) == 0) {
            nap();
        } else if (!wakes) {
            work();
        }
    }

    /** Waits a little, so that inputs come together. */
    private void nap() {
        if (!wakes) {
            wakes = true;
            later(random.nextLong(LONGEST_NAP), () -> {
                wakes = false;
                work();
            });
        }
    }

    /** Runs {@code action} once the replica has applied {@code index}. */
    void whenApplied(long index, Runnable action) {
        waiting.add(new Waiting(index, action));
        checkWaiting();
    }

    // the loop

    private void work() {
        while (alive && !busy) {
            Effect effect = effects.poll();
            if (effect != null) {
                run(effect);
            } else if (!inbox.isEmpty()) {
                List<Input> batch = new ArrayList<>(inbox);
                inbox.clear();
                step(batch);
            } else {
                planTick();
                return;
            }
        }
    }

    private void step(List<Input> batch) {
        world.trace().note(world.agenda().now(), id(), "<-", batch);
        List<Effect> wanted;
        long now = node.clock().now();
        try {
            wanted = replica.step(now, batch);
        } catch (IllegalStateException e) {
            node.mustNotGoOn(e);
            return;
        }
        ReplicaStatus status = replica.status();
        matchReservations(batch, wanted, status.role() == Role.LEADER);
        world.invariants().stepped(id(), now, batch, status, wanted);
        effects.addAll(wanted);
        checkWaiting();
    }

    /** Finds out which appends were taken, and gives back the room of the others. */
    private void matchReservations(List<Input> batch, List<Effect> wanted, boolean leads) {
        Deque<EncodedRequest> requests = new ArrayDeque<>();
        for (Input input : batch) {
            if (input instanceof Input.Append append) {
                requests.add(append.request());
            }
        }
        if (requests.isEmpty()) {
            return;
        }
        for (Effect effect : wanted) {
            if (leads && effect instanceof Effect.AppendToLog append) {
                long bytes = 0;
                for (LogEntry entry : append.entries()) {
                    bytes += entry.type().isControl() ? 0 : takeUntil(requests, entry);
                }
                reserved.put(append, bytes);
            }
        }
        requests.forEach(request -> release(request.frameBytes()));
    }

    private int takeUntil(Deque<EncodedRequest> requests, LogEntry entry) {
        while (!requests.isEmpty()) {
            EncodedRequest request = requests.remove();
            if (isOf(entry, request)) {
                return entry.length();
            }
            release(request.frameBytes());
        }
        return 0;
    }

    private static boolean isOf(LogEntry entry, EncodedRequest request) {
        return Arrays.equals(
                entry.array(),
                entry.offset() + LogEntry.HEADER_BYTES,
                entry.offset() + entry.length(),
                request.body(),
                0,
                request.body().length);
    }

    void release(long bytes) {
        if (bytes > 0) {
            directory.log().release(bytes);
        }
    }

    private void planTick() {
        long due = replica.nextDeadline();
        if (due == Long.MAX_VALUE || due == tickAt) {
            return;
        }
        tickAt = due;
        later(node.clock().until(due), () -> {
            if (tickAt == due) {
                tickAt = Long.MAX_VALUE;
                take(new Input.Tick());
            }
        });
    }

    private void checkWaiting() {
        if (waiting.isEmpty()) {
            return;
        }
        long applied = replica.status().state().appliedIndex();
        List<Waiting> ready =
                waiting.stream().filter(wait -> wait.index() <= applied).toList();
        waiting.removeAll(ready);
        ready.forEach(wait -> wait.action().run());
    }

    // what is to be done

    private void run(Effect effect) {
        switch (effect) {
            case Effect.SaveHardState save -> {
                busy = true;
                later(forceTime(), () -> saveHardState(save));
            }
            case Effect.TruncateLog truncate -> {
                busy = true;
                writer.truncate(truncate.fromIndex(), () -> {
                    world.trace().note(world.agenda().now(), id(), "cut the log at", truncate.fromIndex());
                    goOn();
                });
            }
            case Effect.AppendToLog append -> {
                Long bytes = reserved.remove(append);
                writer.append(append, bytes == null ? 0 : bytes);
            }
            case Effect.Send send -> {
                world.invariants().sends(id(), send.to(), send.envelope());
                world.network().send(id(), send.to(), send.envelope());
            }
            case Effect.ReadLog read -> later(writeTime(), () -> readLog(read));
            case Effect.Respond respond -> {
                world.trace().note(world.agenda().now(), id(), "answers", respond);
                world.clients().answered(this, respond.requestId(), respond.outcome());
            }
            case Effect.SaveSnapshot save -> later(forceTime(), () -> saveSnapshot(save.snapshot()));
            case Effect.DataLost lost -> later(0, () -> halt(lost.reason()));
            case Effect.RoleChanged _, Effect.MembershipChanged _, Effect.Stranded _, Effect.PeerRejected _ ->
                world.trace().note(world.agenda().now(), id(), "**", effect);
        }
    }

    private void goOn() {
        busy = false;
        work();
    }

    private void saveHardState(Effect.SaveHardState save) {
        world.invariants().saving(id(), save.state());
        try {
            directory.hardState().save(save.state());
        } catch (IOException e) {
            halt("saving the hard state failed: " + e.getMessage());
            return;
        }
        world.invariants().saved(id(), save.state());
        goOn();
    }

    private void readLog(Effect.ReadLog read) {
        List<LogEntry> entries;
        try {
            entries = directory.log().reader().read(read.fromIndex(), read.maxBytes());
        } catch (DamagedEntryException e) {
            reportDamage(e);
            return;
        }
        take(new Input.LogRead(read.token(), entries));
    }

    private void reportDamage(DamagedEntryException damage) {
        try {
            directory.reportDamage(String.valueOf(damage.getMessage()));
        } catch (IOException e) {
            world.trace()
                    .note(world.agenda().now(), id(), "could not note the damage:", String.valueOf(e.getMessage()));
        }
        halt("the log is damaged: " + damage.getMessage());
    }

    private void saveSnapshot(StateSnapshot snapshot) {
        boolean saved;
        try {
            directory.snapshots().save(snapshot);
            saved = true;
        } catch (IOException e) {
            world.trace()
                    .note(world.agenda().now(), id(), "could not save a snapshot:", String.valueOf(e.getMessage()));
            saved = false;
        }
        take(new Input.SnapshotSaved(snapshot.index(), saved));
    }

    private void maintainRegularly() {
        later(MAINTENANCE_EVERY, () -> {
            maintain();
            maintainRegularly();
        });
    }

    private void maintain() {
        try {
            directory.log().maintain();
        } catch (IOException e) {
            halt("maintaining the log failed: " + e.getMessage());
        }
    }

    // the end

    /** The process finds that it must not go on. */
    void halt(String reason) {
        node.halted(reason);
    }

    /** Ends at once, wherever it is. */
    void kill() {
        alive = false;
    }
}
