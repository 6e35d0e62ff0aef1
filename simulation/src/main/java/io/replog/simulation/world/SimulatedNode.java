package io.replog.simulation.world;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.RecoveredState;
import io.replog.core.replica.ReplicaConfig;
import io.replog.simulation.disk.PowerCutException;
import io.replog.simulation.disk.SimulatedDisk;
import io.replog.storage.DataDirectory;
import io.replog.storage.Disk;
import io.replog.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A machine: a disk and a clock that stay, and a process that comes and goes. */
final class SimulatedNode {
    private static final String LOG = "log";
    private static final String ROLLBACKS = "rollbacks";
    private static final int MOST_OPENINGS = 3;
    private static final long LONGEST_DOWN = 2_000_000_000L;
    private static final long WALL_CLOCK_START = 1_800_000_000_000L;

    private final NodeId id;
    private final World world;
    private final RandomGenerator random;
    private final Membership configured;
    private final boolean founder;
    private final NodeClock clock;
    private final SimulatedDisk disk;
    private @Nullable NodeProcess process;
    private long incarnation;
    private long diskSlowness = 1;
    private boolean away;

    SimulatedNode(
            NodeId id, World world, RandomGenerator random, Membership configured, boolean founder, double clockRate) {
        this.id = id;
        this.world = world;
        this.random = random;
        this.configured = configured;
        this.founder = founder;
        this.clock = new NodeClock(world.agenda(), random.nextLong(1L << 40), clockRate);
        this.disk = new SimulatedDisk(random);
    }

    NodeId id() {
        return id;
    }

    NodeClock clock() {
        return clock;
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** Null while the node is down. */
    @Nullable NodeProcess process() {
        return process;
    }

    boolean isUp() {
        return process != null;
    }

    /** Of the disk as it was opened last; 0 where it was exchanged since. */
    long incarnation() {
        return incarnation;
    }

    /** By how much everything on the disk takes longer than usual. */
    long diskSlowness() {
        return diskSlowness;
    }

    void slowDisk(long factor) {
        diskSlowness = factor;
    }

    // the process

    /** From now on the node does not start. */
    void goAway() {
        away = true;
    }

    /** It may start again. */
    void comeBack() {
        away = false;
    }

    /** Starts the process; does nothing where it runs, or is away. */
    void start() {
        for (int i = 0; i < MOST_OPENINGS && process == null && !away; i++) {
            try {
                open();
            } catch (StorageException e) {
                note("cannot start:", String.valueOf(e.getMessage()));
                disk.kill();
                startLater();
                return;
            } catch (PowerCutException e) {
                lostPower("while it starts, " + e.getMessage());
                return;
            }
        }
    }

    private void open() {
        DataDirectory directory = DataDirectory.open(disk, id, world.scenario().storage(), this::drawIncarnation);
        RecoveredState recovered = directory.recovered();
        List<LogEntry> log = new ArrayList<>();
        ReplicaPort replica;
        incarnation = recovered.hardState().incarnation();
        try {
            directory.log().reader().scan(1).forEachRemaining(log::add);
            replica = world.replicas().create(config(), recovered, random, this::wallClock, clock.now());
        } catch (DamagedEntryException e) {
            setAside(directory, e);
            return;
        } catch (IllegalStateException e) {
            mustNotGoOn(e);
            return;
        }
        note("starts with", recovered.hardState(), "log to", recovered.lastIndex());
        world.invariants().opened(id, recovered.hardState(), log);
        process = new NodeProcess(this, world, random, directory, replica);
        world.invariants().started(id, incarnation, replica.status());
    }

    /**
     * The replica stops itself. It may do so where a former witness is to bear data: then, as it asks, it gets an empty
     * disk. Everything else is a finding.
     */
    void mustNotGoOn(IllegalStateException reason) {
        if (!world.invariants().lacksPayloads(id, incarnation)) {
            throw reason;
        }
        crash(String.valueOf(reason.getMessage()));
        exchangeDisk();
        startLater();
    }

    private void setAside(DataDirectory directory, DamagedEntryException damage) {
        note("finds its log damaged:", String.valueOf(damage.getMessage()));
        try {
            directory.reportDamage(String.valueOf(damage.getMessage()));
        } catch (IOException e) {
            note("could not note the damage:", String.valueOf(e.getMessage()));
        }
        close(directory);
    }

    private void close(DataDirectory directory) {
        try {
            directory.close();
        } catch (IOException e) {
            note("could not close the disk:", String.valueOf(e.getMessage()));
        }
    }

    private ReplicaConfig config() {
        return new ReplicaConfig(
                id,
                configured,
                founder,
                world.scenario().fixedLeader(),
                world.scenario().timing(),
                world.scenario().limits());
    }

    private long drawIncarnation() {
        long drawn = random.nextLong();
        return drawn == 0 ? 1 : drawn;
    }

    private long wallClock() {
        return WALL_CLOCK_START + clock.now() / 1_000_000;
    }

    /** Kills the process; the machine goes on, so what was written stays, forced or not. */
    void kill(String reason) {
        NodeProcess running = process;
        if (running != null) {
            note("is killed:", reason);
            running.kill();
            process = null;
            world.invariants().stopped(id);
            world.clients().lost(running);
        }
        disk.kill();
    }

    /** The process halts by itself and is started again by whoever watches it. */
    void halted(String reason) {
        kill("halts, " + reason);
        startLater();
    }

    /** The power was cut in the midst of a call to the disk. */
    void lostPower(String reason) {
        crash(reason);
        startLater();
    }

    private void startLater() {
        world.agenda().after(random.nextLong(LONGEST_DOWN), this::start);
    }

    /** The power goes: what was not forced is lost, or torn. */
    void crash(String reason) {
        kill("power is lost, " + reason);
        disk.losePower();
    }

    /** The machine gets an empty disk; it must be down. */
    void exchangeDisk() {
        disk.replaceByBlank();
        incarnation = 0;
    }

    /** Flips a bit of the log, before its end; the machine must be down. False where the log is too short. */
    boolean damageLog() {
        List<LogEntry> entries = world.invariants().settled(id, incarnation);
        if (entries.isEmpty()) {
            return false;
        }
        LogEntry victim = entries.get(random.nextInt(entries.size()));
        byte[] frame = Arrays.copyOfRange(victim.array(), victim.offset(), victim.offset() + victim.length());
        for (String segment : disk.list(LOG)) {
            String name = LOG + "/" + segment;
            int place = find(frame, read(name));
            if (place >= 0) {
                disk.flipBit(name, place + random.nextInt(frame.length), random.nextInt(8));
                incarnation = 0;
                return true;
            }
        }
        return false;
    }

    /** What the newest cut at {@code fromIndex} has left, line by line; empty where there was none. */
    String rolledBack(long fromIndex) {
        return disk.list(ROLLBACKS).stream()
                .filter(name -> name.endsWith("-" + fromIndex + ".ndjson"))
                .max(Comparator.naturalOrder())
                .map(name -> new String(read(ROLLBACKS + "/" + name), StandardCharsets.UTF_8))
                .orElse("");
    }

    private byte[] read(String name) {
        try (Disk.File file = disk.open(name)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return bytes.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int find(byte[] wanted, byte[] bytes) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    private void note(Object... parts) {
        world.trace().note(world.agenda().now(), id, parts);
    }

    @Override
    public String toString() {
        return id.value();
    }
}
