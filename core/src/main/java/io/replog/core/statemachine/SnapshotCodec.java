package io.replog.core.statemachine;

import io.replog.core.bytes.BytesIn;
import io.replog.core.bytes.BytesOut;
import java.util.Iterator;
import java.util.zip.CRC32C;

/**
 * Between state snapshots and a sequence of records that are written one after another into a file. Neither way holds
 * more than a record beside the state itself. Pure functions; thread-safe.
 *
 * <p>Each record is its own frame, all numbers big-endian:
 *
 * <pre>
 * u32 length of what follows the checksum
 * u32 CRC32C of what follows it
 * u32 number of the record: 0, 1, 2 …
 * u8  kind
 *     1 beginning: u8 format 1, i64 index, i64 term, i64 last id, i64 view, membership
 *     2 key-value entries: for each i32 length, record as in KvRecord
 *     3 idempotency keys, 4 clients: for each, oldest first, u8 length, id, i64 sequence (of clients alone),
 *       i64 fingerprint, i64 index, i64 term, i64 first id, i64 last id, u8 whether a result follows, result
 *     5 end: i32 number of key-value entries, of idempotency keys, of clients
 * </pre>
 */
public final class SnapshotCodec {
    /** Bytes of a record that {@link #recordBytes} needs. */
    public static final int RECORD_HEADER_BYTES = 8;

    /** The longest record: room for the largest value, twice, as a result may have it. */
    public static final int MAX_RECORD_BYTES = 64 << 20;

    static final int FORMAT = 1;
    static final int BEGINNING = 1;
    static final int KV_ENTRIES = 2;
    static final int IDEMPOTENCY_KEYS = 3;
    static final int CLIENTS = 4;
    static final int END = 5;

    private SnapshotCodec() {}

    /** The records of {@code snapshot}, made while they are iterated, of some 64 KiB unless a value is larger. */
    public static Iterator<byte[]> encode(StateSnapshot snapshot) {
        return new SnapshotEncoder(snapshot);
    }

    /**
     * Bytes of the whole record that begins with {@code header}.
     *
     * @param header at least {@link #RECORD_HEADER_BYTES}
     * @throws DamagedSnapshotException where no record begins so
     */
    public static int recordBytes(byte[] header) {
        int length = new BytesIn(header, 0, header.length, DamagedSnapshotException::new).i32();
        if (length < 0 || length > MAX_RECORD_BYTES - RECORD_HEADER_BYTES) {
            throw new DamagedSnapshotException("a record of " + length + " bytes");
        }
        return RECORD_HEADER_BYTES + length;
    }

    /**
     * The snapshot that {@code records} are.
     *
     * @param records whole records, read as far as the end of the snapshot
     * @throws DamagedSnapshotException where a record is damaged, missing, or out of its place
     */
    public static StateSnapshot decode(Iterator<byte[]> records) {
        return new SnapshotDecoder(records).decode();
    }

    /** Begins a record; {@link #seal} completes it. */
    static BytesOut begin(int capacity, int number, int kind) {
        BytesOut out = new BytesOut(capacity);
        out.i32(0);
        out.i32(0);
        out.i32(number);
        out.u8(kind);
        return out;
    }

    static byte[] seal(BytesOut out) {
        out.setI32(0, out.size() - RECORD_HEADER_BYTES);
        out.setI32(Integer.BYTES, checksum(out.array(), out.size()));
        return out.toBytes();
    }

    /** A reader that stands before the number of the record, whose frame is right. */
    static BytesIn open(byte[] record) {
        BytesIn in = new BytesIn(record, 0, record.length, DamagedSnapshotException::new);
        int length = in.i32();
        int crc = in.i32();
        if (length != in.remaining()) {
            throw in.fail("a record of " + length + " bytes in " + in.remaining());
        }
        if (crc != checksum(record, record.length)) {
            throw in.fail("checksum does not match");
        }
        return in;
    }

    private static int checksum(byte[] record, int end) {
        CRC32C crc = new CRC32C();
        crc.update(record, RECORD_HEADER_BYTES, end - RECORD_HEADER_BYTES);
        return (int) crc.getValue();
    }
}
