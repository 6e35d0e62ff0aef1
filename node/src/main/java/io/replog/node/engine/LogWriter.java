package io.replog.node.engine;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import io.replog.core.replica.Input;
import io.replog.storage.DiskFullException;
import io.replog.storage.SegmentedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that writes the log: takes what waits, writes it, forces once (group commit), and tells the replica. A
 * failed write or force halts the process, for it leaves unknown what is durable, and is never tried again.
 */
final class LogWriter implements Runnable {
    /** Entries' bytes that are written before they are forced: bounds how long the first of them waits for its force. */
    static final long MAX_GROUP_BYTES = 8L << 20;

    /** A cut that found no room for its copy in {@code rollbacks/} is tried again after this. */
    private static final long ROOM_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private sealed interface Command {}

    private record Append(long term, List<LogEntry> entries, long reservedBytes) implements Command {}

    private record Truncate(long fromIndex, CompletableFuture<Boolean> cut) implements Command {}

    private record Stop() implements Command {}

    private final SegmentedLog log;
    private final Consumer<Input> replica;
    private final DiskRoom room;
    private final EngineMeters meters;
    private final LogDamage damage;
    private final Halt halt;
    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private final AtomicInteger depth = new AtomicInteger();
    private final Thread thread;

    private final List<Input.LogFlushed> unforced = new ArrayList<>();
    private long groupBytes;
    private boolean refusing;
    private volatile boolean parked;
    private volatile boolean stopping;

    /** @param replica takes the notices, on this writer's thread */
    LogWriter(
            SegmentedLog log,
            Consumer<Input> replica,
            DiskRoom room,
            EngineMeters meters,
            LogDamage damage,
            Halt halt,
            String threadName) {
        this.log = log;
        this.replica = replica;
        this.room = room;
        this.meters = meters;
        this.damage = damage;
        this.halt = halt;
        this.thread = Thread.ofPlatform().name(threadName).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /**
     * Puts entries into the queue; {@link #wake} has them written.
     *
     * @param reservedBytes of the entries, as reserved by {@link SegmentedLog#reserve}
     */
    void append(long term, List<LogEntry> entries, long reservedBytes) {
        put(new Append(term, entries, reservedBytes));
    }

    /** Wakes the writer where it sleeps and something waits. */
    void wake() {
        if (parked && !commands.isEmpty()) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Cuts the log once all that was appended before is durable; returns when the cut is. Where the disk has no room for
     * the readable copy of what is cut, it waits until there is: until then the replica stands still, as one that is down,
     * and what it has can be read.
     *
     * @return false where the cut was given up by {@link #giveUpWaits}
     */
    boolean truncateAndWait(long fromIndex) throws InterruptedException {
        Truncate truncate = new Truncate(fromIndex, new CompletableFuture<>());
        submit(truncate);
        try {
            return truncate.cut().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The node stops: a cut waits no longer for room. The log is then as it was; the next start cuts it. */
    void giveUpWaits() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    /** Writes and forces what waits, then ends. */
    void stopAndWait() throws InterruptedException {
        submit(new Stop());
        thread.join();
    }

    /** Appends that wait to be written. */
    int depth() {
        return depth.get();
    }

    private void put(Command command) {
        depth.incrementAndGet();
        commands.add(command);
    }

    private void submit(Command command) {
        put(command);
        wake();
    }

    @Override
    public void run() {
        try {
            while (work()) {
                force();
            }
        } catch (DamagedEntryException e) {
            // Met while what is cut was copied.
            damage.met(e);
        } catch (IOException | RuntimeException | Error e) {
            halt.now("the log could not be written, what is durable is not known", e);
        }
    }

    /** Does what waits, up to the size of a group, or waits for something; false at the end. */
    private boolean work() throws IOException {
        Command command = commands.poll();
        if (command == null) {
            log.settle();
            command = commands.poll();
        }
        while (command == null) {
            parked = true;
            command = commands.poll();
            if (command == null) {
                LockSupport.park(this);
                command = commands.poll();
            }
            parked = false;
        }
        groupBytes = 0;
        while (command != null) {
            depth.decrementAndGet();
            switch (command) {
                case Append append -> write(append);
                case Truncate truncate -> truncate(truncate);
                case Stop _ -> {
                    force();
                    return false;
                }
            }
            command = groupBytes < MAX_GROUP_BYTES ? commands.poll() : null;
        }
        return true;
    }

    private void write(Append append) throws IOException {
        if (refusing) {
            log.release(append.reservedBytes());
            return;
        }
        List<LogEntry> entries = append.entries();
        long bytes = LogEntry.totalLength(entries);
        try {
            log.append(entries, append.reservedBytes());
        } catch (DiskFullException e) {
            refusing = true;
            log.release(append.reservedBytes());
            force();
            room.refused(bytes);
            replica.accept(
                    new Input.LogRefused(append.term(), entries.getFirst().firstIndex()));
            return;
        }
        room.found(bytes);
        groupBytes += bytes;
        long index = entries.getLast().lastIndex();
        Input.@Nullable LogFlushed last = unforced.isEmpty() ? null : unforced.getLast();
        if (last != null && last.term() == append.term()) {
            unforced.removeLast();
        }
        unforced.add(new Input.LogFlushed(append.term(), index));
    }

    private void force() throws IOException {
        if (unforced.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        log.force();
        meters.forced(System.nanoTime() - begin);
        unforced.forEach(replica);
        unforced.clear();
    }

    private void truncate(Truncate truncate) throws IOException {
        force();
        refusing = false;
        boolean done = truncate.fromIndex() > log.lastIndex() || cut(truncate.fromIndex());
        while (!done && !stopping) {
            LockSupport.parkNanos(this, ROOM_RETRY_NANOS);
            done = cut(truncate.fromIndex());
        }
        truncate.cut().complete(done);
    }

    private boolean cut(long fromIndex) throws IOException {
        try {
            log.truncateFrom(fromIndex);
            return true;
        } catch (DiskFullException e) {
            room.refused(1);
            return false;
        }
    }
}
