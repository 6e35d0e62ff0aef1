package io.replog.node.engine;

import io.replog.core.log.LogEntry;
import io.replog.core.replica.Input;
import io.replog.storage.DiskFullException;
import io.replog.storage.SegmentedLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that writes the log: takes all that waits, writes it, forces once (group commit), and tells the replica. A
 * failed write or force halts the process, for it leaves unknown what is durable, and is never tried again.
 */
final class LogWriter implements Runnable {
    private sealed interface Command {}

    private record Append(long term, List<LogEntry> entries, long reservedBytes) implements Command {}

    private record Truncate(long fromIndex, CountDownLatch done) implements Command {}

    private record Stop() implements Command {}

    private final SegmentedLog log;
    private final Consumer<Input> replica;
    private final EngineMeters meters;
    private final Halt halt;
    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private final AtomicInteger depth = new AtomicInteger();
    private final Thread thread;

    private final List<Input.LogFlushed> unforced = new ArrayList<>();
    private boolean refusing;
    private volatile boolean parked;

    /** @param replica takes the notices, on this writer's thread */
    LogWriter(SegmentedLog log, Consumer<Input> replica, EngineMeters meters, Halt halt, String threadName) {
        this.log = log;
        this.replica = replica;
        this.meters = meters;
        this.halt = halt;
        this.thread = Thread.ofPlatform().name(threadName).unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** @param reservedBytes of the entries, as reserved by {@link SegmentedLog#reserve} */
    void append(long term, List<LogEntry> entries, long reservedBytes) {
        submit(new Append(term, entries, reservedBytes));
    }

    /** Cuts the log once all that was appended before is durable; returns when the cut is. */
    void truncateAndWait(long fromIndex) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        submit(new Truncate(fromIndex, done));
        done.await();
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

    private void submit(Command command) {
        depth.incrementAndGet();
        commands.add(command);
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        try {
            while (work()) {
                force();
            }
        } catch (IOException | RuntimeException | Error e) {
            halt.now("the log could not be written, what is durable is not known", e);
        }
    }

    /** Does all that waits, or waits for something; false at the end. */
    private boolean work() throws IOException {
        Command command = commands.poll();
        while (command == null) {
            parked = true;
            command = commands.poll();
            if (command == null) {
                LockSupport.park(this);
                command = commands.poll();
            }
            parked = false;
        }
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
            command = commands.poll();
        }
        return true;
    }

    private void write(Append append) throws IOException {
        if (refusing) {
            release(append.reservedBytes());
            return;
        }
        List<LogEntry> entries = append.entries();
        try {
            log.append(entries, append.reservedBytes());
        } catch (DiskFullException e) {
            refusing = true;
            release(append.reservedBytes());
            force();
            meters.diskFull();
            replica.accept(
                    new Input.LogRefused(append.term(), entries.getFirst().firstIndex()));
            return;
        }
        long index = entries.getLast().lastIndex();
        Input.@Nullable LogFlushed last = unforced.isEmpty() ? null : unforced.getLast();
        if (last != null && last.term() == append.term()) {
            unforced.removeLast();
        }
        unforced.add(new Input.LogFlushed(append.term(), index));
    }

    private void release(long bytes) {
        for (long left = bytes; left > 0; left -= Integer.MAX_VALUE) {
            log.release((int) Math.min(left, Integer.MAX_VALUE));
        }
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
        if (truncate.fromIndex() <= log.lastIndex()) {
            log.truncateFrom(truncate.fromIndex());
        }
        truncate.done().countDown();
    }
}
