package io.replog.storage;

import io.replog.core.log.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a scan of a complete segment would find, kept beside it so that a restart need not scan. Only a short-cut: without
 * it, or where it is damaged, the segment is scanned.
 */
final class SideFile {
    static final String SUFFIX = ".index";

    private static final long MAGIC = 0x5245504C4F474958L; // "REPLOGIX"
    private static final int POINT_BYTES = 4 * Long.BYTES;

    private SideFile() {}

    static String name(long firstIndex) {
        return Segment.FOLDER + "/" + "%020d".formatted(firstIndex) + SUFFIX;
    }

    static void write(Disk disk, Segment segment) throws IOException {
        int controlBytes =
                segment.controlEntries().stream().mapToInt(LogEntry::length).sum();
        int points = segment.index().size();
        ByteBuffer content = ByteBuffer.allocate(
                2 * Long.BYTES + 2 * POINT_BYTES + 2 * Integer.BYTES + points * SparseIndex.POINT_BYTES + controlBytes);
        content.putLong(MAGIC);
        put(content, segment.base());
        put(content, segment.last());
        content.putLong(segment.end()).putInt(points).putInt(controlBytes);
        segment.index().writeTo(content);
        for (LogEntry entry : segment.controlEntries()) {
            content.put(entry.array(), entry.offset(), entry.length());
        }
        WholeFile.replace(disk, name(segment.firstIndex()), content.array());
    }

    /** The segment behind {@code base}; empty where it has no side file that fits. */
    static Optional<Segment> read(Disk disk, Disk.File file, LogPoint base, long incarnation) throws IOException {
        Optional<byte[]> content;
        try {
            content = WholeFile.read(disk, name(base.index() + 1));
        } catch (DamagedLogException e) {
            return Optional.empty();
        }
        if (content.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(content.get());
        if (in.getLong() != MAGIC || !base.equals(point(in))) {
            return Optional.empty();
        }
        LogPoint last = point(in);
        long end = in.getLong();
        int points = in.getInt();
        int controlBytes = in.getInt();
        SparseIndex index = SparseIndex.read(in, points);
        byte[] frames = new byte[controlBytes];
        in.get(frames);
        List<LogEntry> controlEntries = new ArrayList<>();
        for (int at = 0; at < controlBytes; ) {
            LogEntry entry = LogEntry.read(frames, at, controlBytes);
            controlEntries.add(entry);
            at += entry.length();
        }
        return Optional.of(new Segment(file, base, incarnation, index, controlEntries, last, end));
    }

    private static void put(ByteBuffer target, LogPoint point) {
        target.putLong(point.index()).putLong(point.term()).putLong(point.id()).putLong(point.digest());
    }

    private static LogPoint point(ByteBuffer source) {
        return new LogPoint(source.getLong(), source.getLong(), source.getLong(), source.getLong());
    }
}
