package io.replog.storage;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what the segment files hold. Complete segments are taken as their side files say, or are scanned; the last one
 * is always scanned, and a torn end is cut off. All that it gives is durable.
 */
final class LogRecovery {
    private final Disk disk;
    private final StorageOptions options;
    private final long incarnation;
    private final LogSpace space;
    private final List<Disk.File> opened = new ArrayList<>();

    /** Whether the segment that was scanned last ends with a marker. */
    private boolean endsMarked;

    LogRecovery(Disk disk, StorageOptions options, long incarnation, LogSpace space) {
        this.disk = disk;
        this.options = options;
        this.incarnation = incarnation;
        this.space = space;
    }

    /**
     * @param segments    in order; the last one is the one to go on with
     * @param withoutSide numbers of complete segments that have no good side file
     */
    record Recovered(List<Segment> segments, List<Integer> withoutSide) {}

    /** @throws DamagedLogException where anything but a torn end is wrong; then all files are closed again */
    Recovered recover() throws IOException, DamagedLogException {
        boolean done = false;
        try {
            Recovered recovered = recoverSegments();
            done = true;
            return recovered;
        } finally {
            if (!done) {
                for (Disk.File file : opened) {
                    file.close();
                }
                space.close();
            }
        }
    }

    private Recovered recoverSegments() throws IOException, DamagedLogException {
        Optional<Truncation> truncation = Truncation.read(disk);
        if (truncation.isPresent()) {
            truncation.get().carryOut(disk, space);
        }
        List<String> names = disk.list(Segment.FOLDER);
        for (String name : names) {
            if (name.endsWith(WholeFile.TEMPORARY)) {
                disk.delete(Segment.FOLDER + "/" + name);
            }
        }
        space.adopt(LogSpace.spareNames(names));
        List<String> files =
                names.stream().filter(name -> name.endsWith(Segment.SUFFIX)).toList();
        // A process that was killed may have left names that only the page cache has.
        disk.forceFolder(Segment.FOLDER);
        List<Segment> segments = new ArrayList<>();
        List<Integer> withoutSide = new ArrayList<>();
        LogPoint base = LogPoint.START;
        for (int number = 0; number < files.size(); number++) {
            if (Segment.firstIndex(files.get(number)) != base.index() + 1) {
                throw new DamagedLogException(
                        "segment " + files.get(number) + " stands where index " + (base.index() + 1) + " belongs");
            }
            Disk.File file = disk.open(Segment.FOLDER + "/" + files.get(number));
            opened.add(file);
            Segment segment;
            if (number == files.size() - 1) {
                segment = last(file, base);
            } else {
                Optional<Segment> known = SideFile.read(disk, file, base, incarnation);
                if (known.isEmpty()) {
                    withoutSide.add(number);
                }
                segment = known.isPresent() ? sized(known.get()) : complete(file, base);
            }
            segments.add(segment);
            base = segment.last();
        }
        if (!segments.isEmpty()) {
            Segment last = segments.getLast();
            long size = space.rewriteLastChunk(last.file(), last.end());
            if (!endsMarked && last.end() > 0 && last.end() + SyncMarker.BYTES <= size) {
                mark(last);
            }
            space.writeTo(last.file(), last.end(), 0);
        }
        return new Recovered(segments, withoutSide);
    }

    /**
     * Says that all that was found is durable. A power cut takes the marker of the last force, which is not forced itself,
     * away; without one, damage that comes later would pass for a torn end.
     */
    private static void mark(Segment segment) throws IOException {
        ByteBuffer marker = ByteBuffer.allocate(SyncMarker.BYTES);
        segment.marker().put(marker, segment.end(), segment.end());
        segment.file().write(marker.flip(), segment.end());
        segment.file().force();
        segment.skipTo(segment.end() + SyncMarker.BYTES);
    }

    private static Segment sized(Segment segment) throws IOException, DamagedLogException {
        if (segment.file().size() < segment.end()) {
            throw new DamagedLogException("segment " + segment.firstIndex() + " is shorter than it was");
        }
        return segment;
    }

    /** A segment that others follow: it was forced before they were begun, so every record in it must be right. */
    private Segment complete(Disk.File file, LogPoint base) throws IOException, DamagedLogException {
        Segment segment = new Segment(file, base, incarnation);
        Optional<String> problem = scan(segment);
        if (problem.isPresent() && lastNonZero(segment) > segment.end()) {
            throw damaged(segment, problem.get());
        }
        return segment;
    }

    private Segment last(Disk.File file, LogPoint base) throws IOException, DamagedLogException {
        Segment segment = new Segment(file, base, incarnation);
        Optional<String> problem = scan(segment);
        if (problem.isPresent()) {
            long written = lastNonZero(segment);
            if (wasDurableBeyond(segment, written)) {
                throw damaged(segment, problem.get());
            }
            space.writeZeros(file, segment.end(), written);
        }
        // What was read may be in the page cache alone; and the zeros must be durable before anything is appended.
        file.force();
        return segment;
    }

    private static DamagedLogException damaged(Segment segment, String problem) {
        return new DamagedLogException("segment " + segment.firstIndex() + " at byte " + segment.end() + ", index "
                + (segment.last().index() + 1) + ": " + problem);
    }

    /** Takes all good records into {@code segment}; says what is wrong with the next one, if it is not the file's end. */
    private Optional<String> scan(Segment segment) throws IOException {
        long size = segment.file().size();
        endsMarked = false;
        FrameReader frames = new FrameReader(segment, 0, size, options.readAheadBytes());
        try {
            while (frames.advance()) {
                LogEntry entry = frames.entry();
                segment.add(entry, frames.position(), options.indexInterval());
            }
            skipMarkers(segment, frames.position());
            return Optional.empty();
        } catch (DamagedEntryException e) {
            skipMarkers(segment, frames.position());
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void skipMarkers(Segment segment, long position) {
        endsMarked = position > segment.end();
        segment.skipTo(position);
    }

    /** Where the zeros begin that the file ends with. */
    private long lastNonZero(Segment segment) throws IOException {
        byte[] bytes = new byte[options.readAheadBytes()];
        long to = segment.file().size();
        while (to > segment.end()) {
            long from = Math.max(segment.end(), to - bytes.length);
            int length = segment.file().read(ByteBuffer.wrap(bytes, 0, (int) (to - from)), from);
            for (int at = length - 1; at >= 0; at--) {
                if (bytes[at] != 0) {
                    return from + at + 1;
                }
            }
            to = from;
        }
        return segment.end();
    }

    /** Whether a marker says that the segment was durable beyond its good records. */
    private boolean wasDurableBeyond(Segment segment, long written) throws IOException {
        byte[] bytes = new byte[options.readAheadBytes()];
        long from = segment.end();
        while (written - from >= SyncMarker.BYTES) {
            int length =
                    segment.file().read(ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, written - from)), from);
            for (int at = 0; at <= length - SyncMarker.BYTES; at++) {
                if (segment.marker().read(bytes, at, from + at) > segment.end()) {
                    return true;
                }
            }
            from += length - SyncMarker.BYTES + 1;
        }
        return false;
    }
}
