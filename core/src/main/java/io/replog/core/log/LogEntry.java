package io.replog.core.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * An entry in its framed form: the bytes that stand on disk and travel between peers, made once by the leader.
 * Immutable by convention: nobody writes to the array after construction.
 *
 * <p>An entry takes as many indexes as it has messages ({@link #firstIndex()} to {@link #lastIndex()}), one otherwise,
 * and is stored, replicated and truncated as a whole. Log matching holds at last indexes: two entries of the same
 * last index and term are the same entry.
 *
 * <p>The frame, all numbers big-endian:
 *
 * <pre>
 * offset size
 *   0     4   length of what follows the checksum
 *   4     4   CRC32C of what follows it
 *   8     1   format version, 1
 *   9     1   {@link EntryType#code() type}
 *  10     1   flags: bit 0 = payload omitted (a witness's entry)
 *  11     1   0
 *  12     4   number of indexes it takes, at least 1
 *  16     8   first index
 *  24     8   term
 *  32     8   the leader's wall clock, milliseconds since 1970 (for people; decides nothing)
 *  40     8   id of the log's last message up to and including this entry
 *  48     8   the leader's commit index when it made the entry: what is at least committed where the entry is stored
 *  56     …   request key, then payload (see {@link EntryCodec})
 * </pre>
 */
public final class LogEntry {
    /** Bytes of a frame before the request key. */
    public static final int HEADER_BYTES = 56;

    /** Bytes of a frame before what the length counts. */
    public static final int PREFIX_BYTES = 8;

    static final byte FORMAT = 1;
    static final int FLAG_OMITTED = 1;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int offset;
    private final int length;

    private LogEntry(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /**
     * The entry whose frame begins at {@code offset}, checked: it lies within {@code limit}, its checksum, format and
     * type are right. The array is kept, not copied.
     *
     * @throws DamagedEntryException where it is not such a frame; says what is wrong
     */
    public static LogEntry read(byte[] bytes, int offset, int limit) {
        if (limit - offset < HEADER_BYTES) {
            throw new DamagedEntryException(
                    "a frame needs at least " + HEADER_BYTES + " bytes, here are " + (limit - offset));
        }
        int length = (int) INT.get(bytes, offset);
        if (length < HEADER_BYTES - PREFIX_BYTES || length > limit - offset - PREFIX_BYTES) {
            throw new DamagedEntryException("frame length " + length + " is out of bounds");
        }
        if ((int) INT.get(bytes, offset + 4) != checksum(bytes, offset, PREFIX_BYTES + length)) {
            throw new DamagedEntryException("checksum does not match");
        }
        LogEntry entry = new LogEntry(bytes, offset, PREFIX_BYTES + length);
        if (bytes[offset + 8] != FORMAT) {
            throw new DamagedEntryException("unknown format " + bytes[offset + 8]);
        }
        if (!EntryType.isKnown(bytes[offset + 9])) {
            throw new DamagedEntryException("unknown entry type " + bytes[offset + 9]);
        }
        if (entry.count() < 1 || entry.firstIndex() < 1) {
            throw new DamagedEntryException("first index " + entry.firstIndex() + ", count " + entry.count());
        }
        return entry;
    }

    /**
     * Completes a frame of which everything behind the header is written, and gives it as an entry. For
     * {@link EntryCodec}.
     */
    static LogEntry seal(byte[] frame, EntryType type, int flags, EntryHeader header) {
        INT.set(frame, 0, frame.length - PREFIX_BYTES);
        frame[8] = FORMAT;
        frame[9] = type.code();
        frame[10] = (byte) flags;
        frame[11] = 0;
        INT.set(frame, 12, header.count());
        LONG.set(frame, 16, header.firstIndex());
        LONG.set(frame, 24, header.term());
        LONG.set(frame, 32, header.timestampMillis());
        LONG.set(frame, 40, header.lastId());
        LONG.set(frame, 48, header.commitIndex());
        INT.set(frame, 4, checksum(frame, 0, frame.length));
        return new LogEntry(frame, 0, frame.length);
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset + PREFIX_BYTES, length - PREFIX_BYTES);
        return (int) crc.getValue();
    }

    public EntryType type() {
        return EntryType.of(bytes[offset + 9]);
    }

    /** Whether this is a witness's entry, without request key and payload. */
    public boolean isOmitted() {
        return (bytes[offset + 10] & FLAG_OMITTED) != 0;
    }

    /** How many indexes the entry takes. */
    public int count() {
        return (int) INT.get(bytes, offset + 12);
    }

    public long firstIndex() {
        return (long) LONG.get(bytes, offset + 16);
    }

    public long lastIndex() {
        return firstIndex() + count() - 1;
    }

    public long term() {
        return (long) LONG.get(bytes, offset + 24);
    }

    public long timestampMillis() {
        return (long) LONG.get(bytes, offset + 32);
    }

    /** Id of the log's last message up to and including this entry; 0 where there is none. */
    public long lastId() {
        return (long) LONG.get(bytes, offset + 40);
    }

    /** Id of this entry's first message; meaningful for {@link EntryType#MESSAGES} alone. */
    public long firstId() {
        return lastId() - count() + 1;
    }

    /** The commit index that the leader had when it made the entry; never above {@code firstIndex() - 1}. */
    public long commitIndex() {
        return (long) LONG.get(bytes, offset + 48);
    }

    /** CRC32C as it stands in the frame. */
    public int crc() {
        return (int) INT.get(bytes, offset + 4);
    }

    /** The array that holds the frame, from {@link #offset()}, {@link #length()} bytes. Not to be written to. */
    public byte[] array() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    /** Bytes of the whole frame. */
    public int length() {
        return length;
    }

    /** Bytes of all their frames. */
    public static long totalLength(List<LogEntry> entries) {
        long bytes = 0;
        for (LogEntry entry : entries) {
            bytes += entry.length;
        }
        return bytes;
    }

    @Override
    public String toString() {
        return type() + "[" + firstIndex() + (count() > 1 ? ".." + lastIndex() : "") + " t" + term() + "]";
    }
}
