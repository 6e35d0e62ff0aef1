package io.replog.storage;

import io.replog.core.log.LogEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One file of the log, named after the first index in it. The log writer's thread adds to the last segment; all else of it
 * may be read by any thread, up to what was published as durable.
 */
final class Segment {
    static final String FOLDER = "log";
    static final String SUFFIX = ".log";

    private final Disk.File file;
    private final LogPoint base;
    private final SyncMarker marker;
    private final SparseIndex index;
    private final List<LogEntry> controlEntries;
    private LogPoint last;
    private long end;
    private long indexed;

    /** An empty segment behind {@code base}. */
    Segment(Disk.File file, LogPoint base, long incarnation) {
        this(file, base, incarnation, new SparseIndex(), new ArrayList<>(), base, 0);
    }

    Segment(
            Disk.File file,
            LogPoint base,
            long incarnation,
            SparseIndex index,
            List<LogEntry> controlEntries,
            LogPoint last,
            long end) {
        this.file = file;
        this.base = base;
        this.marker = new SyncMarker(incarnation, base.index() + 1);
        this.index = index;
        this.controlEntries = controlEntries;
        this.last = last;
        this.end = end;
        this.indexed = index.size() == 0 ? 0 : index.position(index.size() - 1);
    }

    static String name(long firstIndex) {
        return FOLDER + "/" + "%020d".formatted(firstIndex) + SUFFIX;
    }

    /** @param name as {@link #name} gives it, without the folder */
    static long firstIndex(String name) {
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    long firstIndex() {
        return base.index() + 1;
    }

    Disk.File file() {
        return file;
    }

    SyncMarker marker() {
        return marker;
    }

    SparseIndex index() {
        return index;
    }

    /** The log before this segment. */
    LogPoint base() {
        return base;
    }

    /** The log up to this segment's end. */
    LogPoint last() {
        return last;
    }

    /** Where the next record goes. */
    long end() {
        return end;
    }

    List<LogEntry> controlEntries() {
        return controlEntries;
    }

    /** Takes note of an entry that stands at {@code position}, the segment's end. */
    void add(LogEntry entry, long position, int indexInterval) {
        LogPoint after = last.after(entry);
        if (position - indexed >= indexInterval) {
            index.add(last, position);
            indexed = position;
        }
        if (entry.type().isControl()) {
            controlEntries.add(copy(entry));
        }
        last = after;
        end = position + entry.length();
    }

    /** Takes note of markers at the segment's end: the next record goes to {@code position}. */
    void skipTo(long position) {
        end = position;
    }

    /** Without the buffer that it lies in, which may be much larger. */
    private static LogEntry copy(LogEntry entry) {
        byte[] frame = Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
        return LogEntry.read(frame, 0, frame.length);
    }

    /** This segment as it is when all from {@code position} on is cut. */
    Segment upTo(LogPoint cutLast, long position, long incarnation) {
        List<LogEntry> kept = new ArrayList<>(controlEntries);
        kept.removeIf(entry -> entry.lastIndex() > cutLast.index());
        return new Segment(file, base, incarnation, index.upTo(position), kept, cutLast, position);
    }
}
