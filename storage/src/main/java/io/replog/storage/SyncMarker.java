package io.replog.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A small record between frames that says: this segment was durable up to here when I was written. It tells a torn end
 * from damage. Of several appends that were not forced a power cut may keep any pages, also later ones without earlier
 * ones; so valid records behind a bad one prove nothing. A marker behind it that was written after it had been forced does.
 *
 * <pre>
 * offset size
 *   0     4   a number that no frame begins with (as a length it would be negative)
 *   4     4   CRC32C of salt, position of the marker, and what follows
 *   8     8   the segment was durable up to this position
 * </pre>
 *
 * <p>The salt (directory and segment) and the position keep bytes of a message, or of another file, from being taken for
 * a marker.
 */
final class SyncMarker {
    static final int BYTES = 16;
    static final int MAGIC = 0xF7A15EA1;

    private final long salt;

    /** A marker is genuine in one segment of one directory alone. */
    SyncMarker(long incarnation, long firstIndex) {
        this.salt = incarnation * 31 + firstIndex;
    }

    void put(ByteBuffer target, long position, long durable) {
        target.putInt(MAGIC).putInt(checksum(position, durable)).putLong(durable);
    }

    /** Up to where the segment was durable, −1 where no marker stands at {@code offset}, which is {@code position}. */
    long read(byte[] bytes, int offset, long position) {
        if (Frames.intAt(bytes, offset) != MAGIC) {
            return -1;
        }
        long durable = Frames.longAt(bytes, offset + 8);
        boolean genuine =
                durable >= 0 && durable <= position && checksum(position, durable) == Frames.crc(bytes, offset);
        return genuine ? durable : -1;
    }

    private int checksum(long position, long durable) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(24)
                .putLong(salt)
                .putLong(position)
                .putLong(durable)
                .flip());
        return (int) crc.getValue();
    }
}
