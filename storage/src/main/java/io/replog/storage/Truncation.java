package io.replog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The intent to cut the log, durable before anything is cut. What it says is done again after a crash, so that a cut that
 * was half done is never taken for damage and nothing that was cut comes back.
 *
 * @param segment  first index of the segment that becomes the last one
 * @param position where that one ends from now on
 * @param written  where that one ended: behind it are zeros already
 */
record Truncation(long segment, long position, long written) {
    static final String NAME = Segment.FOLDER + "/truncation";

    static Optional<Truncation> read(Disk disk) throws IOException, DamagedLogException {
        return WholeFile.read(disk, NAME).map(content -> {
            ByteBuffer in = ByteBuffer.wrap(content);
            return new Truncation(in.getLong(), in.getLong(), in.getLong());
        });
    }

    void save(Disk disk) throws IOException {
        byte[] content = ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(segment)
                .putLong(position)
                .putLong(written)
                .array();
        WholeFile.replace(disk, NAME, content);
    }

    /** Cuts, durably, and forgets the intent. Later segments first, so that a crash leaves no gap. */
    void carryOut(Disk disk, LogSpace space) throws IOException {
        List<String> names = disk.list(Segment.FOLDER).reversed();
        for (String name : names) {
            if (name.endsWith(SideFile.SUFFIX) && first(name, SideFile.SUFFIX) >= segment) {
                disk.delete(Segment.FOLDER + "/" + name);
            }
        }
        for (String name : names) {
            if (name.endsWith(Segment.SUFFIX) && first(name, Segment.SUFFIX) > segment) {
                disk.delete(Segment.FOLDER + "/" + name);
            }
        }
        disk.forceFolder(Segment.FOLDER);
        try (Disk.File file = disk.open(Segment.name(segment))) {
            space.writeZeros(file, position, written);
            file.force();
        }
        disk.delete(NAME);
        disk.forceFolder(Segment.FOLDER);
    }

    private static long first(String name, String suffix) {
        return Long.parseLong(name.substring(0, name.length() - suffix.length()));
    }
}
