package io.replog.storage;

import io.replog.core.log.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The durable log in segment files. {@link #append}, {@link #force} and {@link #truncateFrom} belong to one thread, the
 * log writer; {@link #reserve}, {@link #release}, {@link #maintain} and {@link #reader} to any.
 *
 * <p>An {@link IOException} from append, force or truncate that is no {@link DiskFullException} leaves it unknown what
 * is durable: the process must halt.
 */
public final class SegmentedLog {
    private static final int MAX_STAGING_BYTES = 1 << 20;

    private final Disk disk;
    private final StorageOptions options;
    private final long incarnation;
    private final LogSpace space;
    private final LogReader reader;
    private final ByteBuffer staging;
    private volatile DurableLog durable;

    // the log writer's
    private List<Segment> segments;
    private @Nullable Segment active;
    private long stagingPosition;
    private boolean unforced;

    /** Whether something was forced that no marker speaks of yet. */
    private boolean unmarked;

    /** Excludes a truncation while side files are written: they must not outlive their segment. */
    private final Object sideFiles = new Object();
    // guarded by sideFiles
    private final SortedSet<Long> withoutSideFile = new TreeSet<>();

    private SegmentedLog(
            Disk disk, StorageOptions options, long incarnation, LogSpace space, LogRecovery.Recovered recovered) {
        this.disk = disk;
        this.options = options;
        this.incarnation = incarnation;
        this.space = space;
        this.staging = ByteBuffer.allocateDirect(Math.min(MAX_STAGING_BYTES, options.segmentBytes()));
        this.segments = List.copyOf(recovered.segments());
        this.active = segments.isEmpty() ? null : segments.getLast();
        this.durable = new DurableLog(
                segments,
                active == null ? LogPoint.START : active.last(),
                active == null ? 0 : active.end(),
                List.of());
        this.reader = new DurableLogReader(() -> durable, options);
        for (int number : recovered.withoutSide()) {
            withoutSideFile.add(segments.get(number).firstIndex());
        }
    }

    /** @throws DamagedLogException where anything but a torn end is wrong */
    static SegmentedLog open(Disk disk, StorageOptions options, long incarnation)
            throws IOException, DamagedLogException {
        LogSpace space = new LogSpace(disk, options);
        return new SegmentedLog(
                disk, options, incarnation, space, new LogRecovery(disk, options, incarnation, space).recover());
    }

    /**
     * Sets room for an entry of {@code frameBytes} apart, so that appending it cannot meet a full disk. Allocates where
     * nothing is ready, so it may take some milliseconds.
     *
     * @throws DiskFullException where there is no room: nothing is reserved
     * @throws IOException       the disk fails; the process must halt
     */
    public void reserve(int frameBytes) throws IOException {
        space.reserve(frameBytes, frameBytes);
    }

    /** Gives back what was reserved for entries of {@code bytes} in all that will not be appended. */
    public void release(long bytes) {
        space.release(bytes);
    }

    /**
     * Writes consecutive entries, the first one following the last of the log. Not durable, and not visible to readers,
     * before {@link #force}.
     *
     * @param reservedBytes what was {@linkplain #reserve reserved} for entries among these; used up by this call. Room
     *                      for the others (a follower's, control entries) is reserved by the call itself
     * @throws DiskFullException where there is no room for the others: nothing of this call is stored, and what was
     *                           reserved stays reserved
     */
    public void append(List<LogEntry> entries, long reservedBytes) throws IOException {
        long bytes = checkConsecutive(entries);
        if (bytes > reservedBytes) {
            int largest = entries.stream().mapToInt(LogEntry::length).max().orElse(0);
            space.reserve(bytes - reservedBytes, largest);
        }
        stageMarker();
        for (LogEntry entry : entries) {
            Segment segment = segmentFor(entry);
            segment.add(entry, segment.end(), options.indexInterval());
            stage(segment, entry);
        }
        flushStaging();
        space.use(Math.max(bytes, reservedBytes), bytes);
        if (!unforced && !entries.isEmpty()) {
            unforced = true;
            space.use(0, SyncMarker.BYTES);
        }
    }

    /**
     * Makes all that was appended durable and visible to readers. Must not be tried again after a failure.
     *
     * @return the last index that is durable now, 0 where the log is empty
     */
    public long force() throws IOException {
        Segment segment = active;
        if (segment != null && unforced) {
            segment.file().force();
            durable = durable.forcedTo(segments, segment.last(), segment.end());
            unforced = false;
            unmarked = true;
        }
        return durable.last().index();
    }

    /**
     * Says in the log up to where it was forced, where that is not said yet. The next {@link #append} says it too, at no
     * cost; this is for when none follows at once.
     */
    public void settle() throws IOException {
        stageMarker();
        flushStaging();
    }

    /**
     * Cuts the log so that {@code fromIndex} and all after it are gone. What is cut was put into {@code rollbacks/}
     * before, readable. Durable when it returns; a crash before leaves either all or nothing cut.
     *
     * @param fromIndex first index of an entry
     * @throws DiskFullException where there is no room for the copy in {@code rollbacks/}: nothing is cut
     */
    public void truncateFrom(long fromIndex) throws IOException {
        force();
        settle();
        if (fromIndex > lastIndex()) {
            return;
        }
        LogCursor cut = new LogCursor(() -> durable, fromIndex, options.readAheadBytes());
        long position = cut.nextPosition();
        Segment segment = segments.get(cut.segmentNumber());
        if (cut.nextIndex() != fromIndex) {
            throw new IllegalArgumentException("index " + fromIndex + " is within an entry");
        }
        LogPoint last = pointBefore(fromIndex, segment);
        keepReadable(fromIndex);
        synchronized (sideFiles) {
            Truncation intent = new Truncation(segment.firstIndex(), position, segment.end());
            intent.save(disk);
            cutTo(segment.upTo(last, position, incarnation), fromIndex, intent);
        }
    }

    /**
     * Allocates ahead of need and writes what restarts are sped up by. To be called from one background thread, when
     * {@link #onMaintenanceDue} says so and about every second besides. A full disk is no error here.
     *
     * @throws IOException the disk fails; the process must halt
     */
    public void maintain() throws IOException {
        space.maintain();
        while (writeSideFile()) {
            // one at a time, so that a truncation waits for one at most
        }
    }

    /** Sets who is told, on any thread, that {@link #maintain} has something to do; must return at once. */
    public void onMaintenanceDue(Runnable listener) {
        space.onMaintenanceDue(listener);
    }

    /** Last index appended, durable or not; 0 where the log is empty. For the log writer's thread. */
    public long lastIndex() {
        return lastPoint().index();
    }

    public LogReader reader() {
        return reader;
    }

    /** All control entries up to now, in order. For the start, before anything is appended. */
    List<LogEntry> controlEntries() {
        List<LogEntry> entries = new ArrayList<>();
        segments.forEach(segment -> entries.addAll(segment.controlEntries()));
        return entries;
    }

    LogPoint lastPoint() {
        Segment segment = active;
        return segment == null ? LogPoint.START : segment.last();
    }

    void close() throws IOException {
        force();
        settle();
        for (Segment segment : segments) {
            segment.file().close();
        }
        space.close();
    }

    private long checkConsecutive(List<LogEntry> entries) {
        long expected = lastIndex() + 1;
        long bytes = 0;
        for (LogEntry entry : entries) {
            if (entry.firstIndex() != expected) {
                throw new IllegalArgumentException(
                        "index " + entry.firstIndex() + " is appended where " + expected + " belongs");
            }
            expected = entry.lastIndex() + 1;
            bytes += entry.length();
        }
        return bytes;
    }

    private Segment segmentFor(LogEntry entry) throws IOException {
        Segment segment = active;
        if (segment != null && space.fits(segment.end(), entry.length() + SyncMarker.BYTES)) {
            return segment;
        }
        return roll(segment, entry.length() + SyncMarker.BYTES);
    }

    /** Begins the next segment. The one before is durable then, so recovery may insist that all of it is right. */
    private Segment roll(@Nullable Segment full, int needed) throws IOException {
        LogPoint base = lastPoint();
        long end = 0;
        if (full != null) {
            flushStaging();
            full.file().force();
            end = full.end();
            durable = durable.forcedTo(segments, full.last(), end);
            synchronized (sideFiles) {
                withoutSideFile.add(full.firstIndex());
            }
        }
        Disk.File file = space.roll(Segment.name(base.index() + 1), end, needed);
        Segment next = new Segment(file, base, incarnation);
        List<Segment> longer = new ArrayList<>(segments);
        longer.add(next);
        segments = List.copyOf(longer);
        active = next;
        durable = durable.forcedTo(segments, base, 0);
        stagingPosition = 0;
        return next;
    }

    /** Copies the frame to where the write begins; what comes together is written together. */
    private void stage(Segment segment, LogEntry entry) throws IOException {
        if (staging.position() == 0) {
            stagingPosition = segment.end() - entry.length();
        }
        int done = 0;
        while (done < entry.length()) {
            if (!staging.hasRemaining()) {
                flushStaging();
            }
            int piece = Math.min(staging.remaining(), entry.length() - done);
            staging.put(entry.array(), entry.offset() + done, piece);
            done += piece;
        }
    }

    private void flushStaging() throws IOException {
        Segment segment = active;
        if (segment == null || staging.position() == 0) {
            return;
        }
        staging.flip();
        int bytes = staging.remaining();
        segment.file().write(staging, stagingPosition);
        stagingPosition += bytes;
        staging.clear();
    }

    /** Says behind what was forced last that it was. Not forced itself: it tells the more the longer it stands. */
    private void stageMarker() {
        Segment segment = active;
        if (segment == null || !unmarked) {
            return;
        }
        unmarked = false;
        long position = segment.end();
        stagingPosition = position;
        segment.marker().put(staging, position, position);
        segment.skipTo(position + SyncMarker.BYTES);
    }

    /** On a full disk the room that is allocated ahead is given up for it: a follower must be able to cut. */
    private void keepReadable(long fromIndex) throws IOException {
        try {
            RollbackFile.write(disk, new LogCursor(() -> durable, fromIndex, options.readAheadBytes()), fromIndex);
        } catch (DiskFullException e) {
            space.giveBack(active == null ? 0 : active.end());
            RollbackFile.write(disk, new LogCursor(() -> durable, fromIndex, options.readAheadBytes()), fromIndex);
        }
    }

    /** The log before the entry that begins at {@code fromIndex}, in {@code segment}. */
    private LogPoint pointBefore(long fromIndex, Segment segment) {
        if (fromIndex == segment.firstIndex()) {
            return segment.base();
        }
        long index = fromIndex - 1;
        long term = reader.entryAt(index).map(LogEntry::term).orElseThrow();
        return new LogPoint(
                index, term, reader.lastIdAt(index), reader.digest(index).orElseThrow());
    }

    /** Carries out the intent that is on the disk. Readers learn of it before the first byte is overwritten. */
    private void cutTo(Segment shortened, long fromIndex, Truncation intent) throws IOException {
        long unused = active == null ? 0 : space.unused(active.end());
        List<Segment> kept = new ArrayList<>();
        List<Segment> dropped = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.firstIndex() < shortened.firstIndex()) {
                kept.add(segment);
            } else if (segment.firstIndex() > shortened.firstIndex()) {
                dropped.add(segment);
            }
        }
        kept.add(shortened);
        withoutSideFile.tailSet(shortened.firstIndex()).clear();
        List<Long> cuts = new ArrayList<>(durable.cuts());
        cuts.add(fromIndex);
        segments = List.copyOf(kept);
        active = shortened;
        durable = new DurableLog(segments, shortened.last(), shortened.end(), List.copyOf(cuts));
        for (Segment segment : dropped) {
            segment.file().close();
        }
        intent.carryOut(disk, space);
        space.writeTo(shortened.file(), shortened.end(), unused);
    }

    private boolean writeSideFile() throws IOException {
        synchronized (sideFiles) {
            if (withoutSideFile.isEmpty()) {
                return false;
            }
            long firstIndex = withoutSideFile.removeFirst();
            for (Segment segment : durable.segments()) {
                if (segment.firstIndex() == firstIndex) {
                    try {
                        SideFile.write(disk, segment);
                    } catch (DiskFullException e) {
                        withoutSideFile.add(firstIndex);
                        return false;
                    }
                }
            }
            return true;
        }
    }
}
