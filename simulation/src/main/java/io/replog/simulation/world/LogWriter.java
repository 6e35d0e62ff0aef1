package io.replog.simulation.world;

import io.replog.core.log.LogEntry;
import io.replog.core.replica.Effect;
import io.replog.core.replica.Input;
import io.replog.storage.DiskFullException;
import io.replog.storage.SegmentedLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log writer of a process: writes what has come together and forces it at once, while the replica goes on. */
final class LogWriter {
    private record Write(Effect.AppendToLog append, long reservedBytes) {
        Input.LogFlushed flushed() {
            return new Input.LogFlushed(
                    append.term(), append.entries().getLast().lastIndex());
        }
    }

    private final NodeProcess process;
    private final SegmentedLog log;
    private final Deque<Write> queue = new ArrayDeque<>();
    private final Deque<Runnable> whenIdle = new ArrayDeque<>();
    private boolean writing;
    private boolean refusing;

    LogWriter(NodeProcess process, SegmentedLog log) {
        this.process = process;
        this.log = log;
    }

    void append(Effect.AppendToLog append, long reservedBytes) {
        if (refusing) {
            process.release(reservedBytes);
            return;
        }
        queue.add(new Write(append, reservedBytes));
        work();
    }

    /** Cuts the log when all earlier appends are finished. */
    void truncate(long fromIndex, Runnable done) {
        whenIdle.add(() -> {
            writing = true;
            process.later(process.forceTime(), () -> {
                if (cut(fromIndex)) {
                    refusing = false;
                    done.run();
                    finish();
                }
            });
        });
        work();
    }

    private boolean cut(long fromIndex) {
        try {
            process.invariants().cutting(process.id(), fromIndex);
            if (log.lastIndex() >= fromIndex) {
                log.truncateFrom(fromIndex);
            }
            process.invariants().cut(process.id(), fromIndex, process.rolledBack(fromIndex));
            return true;
        } catch (IOException e) {
            process.halt("cutting the log failed: " + e.getMessage());
            return false;
        }
    }

    private void work() {
        if (writing) {
            return;
        }
        if (!queue.isEmpty()) {
            writing = true;
            process.later(process.writeTime(), this::write);
        } else if (!whenIdle.isEmpty()) {
            whenIdle.remove().run();
        }
    }

    private void write() {
        List<Write> written = new ArrayList<>();
        Input.LogRefused refused = null;
        try {
            while (!queue.isEmpty() && refused == null) {
                Write write = queue.remove();
                List<LogEntry> entries = write.append().entries();
                try {
                    process.invariants().writing(process.id(), entries);
                    log.append(entries, write.reservedBytes());
                    written.add(write);
                } catch (DiskFullException e) {
                    process.invariants()
                            .notWritten(process.id(), entries.getFirst().firstIndex());
                    refused = new Input.LogRefused(
                            write.append().term(), entries.getFirst().firstIndex());
                    process.release(write.reservedBytes());
                }
            }
        } catch (IOException e) {
            process.halt("writing the log failed: " + e.getMessage());
            return;
        }
        if (refused != null) {
            refusing = true;
            queue.forEach(write -> process.release(write.reservedBytes()));
            queue.clear();
        }
        Input.LogRefused last = refused;
        process.later(process.forceTime(), () -> force(written, last));
    }

    private void force(List<Write> written, Input.@Nullable LogRefused refused) {
        try {
            process.invariants().forced(process.id(), log.force());
        } catch (IOException e) {
            process.halt("forcing the log failed: " + e.getMessage());
            return;
        }
        written.forEach(write -> process.take(write.flushed()));
        if (refused != null) {
            process.take(refused);
        }
        finish();
    }

    private void settle() {
        try {
            log.settle();
        } catch (IOException e) {
            process.halt("marking the log failed: " + e.getMessage());
        }
    }

    private void finish() {
        writing = false;
        if (queue.isEmpty()) {
            settle();
        }
        work();
    }
}
