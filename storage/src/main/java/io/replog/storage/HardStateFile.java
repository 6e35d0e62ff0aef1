package io.replog.storage;

import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.HardState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@link HardState} in a file of two slots. Each save writes the first one, forces it, then the second one and
 * forces that: a torn write leaves the other slot whole, and where a returned save's slot is damaged later, the other one
 * has the same state, not an older one that would allow a second vote. Not thread-safe: one thread saves.
 */
public final class HardStateFile {
    static final String NAME = "hard-state";

    private static final int SLOT_BYTES = 4096;
    private static final int RECORD_BYTES = 256;
    private static final long MAGIC = 0x5245504C4F474853L; // "REPLOGHS"
    private static final int NOBODY = -1;

    private final Disk.File file;
    private long sequence;
    private HardState state;

    private HardStateFile(Disk.File file, long sequence, HardState state) {
        this.file = file;
        this.sequence = sequence;
        this.state = state;
    }

    /** Makes the file, durably but for its name in the folder. */
    static HardStateFile create(Disk disk, HardState state) throws IOException {
        Disk.File file = disk.open(NAME);
        file.truncate(0);
        file.write(ByteBuffer.allocate(2 * SLOT_BYTES), 0);
        HardStateFile created = new HardStateFile(file, 0, state);
        created.save(state);
        return created;
    }

    /** @throws DamagedLogException where neither slot can be read: what this node has voted is lost */
    static HardStateFile open(Disk disk) throws IOException, DamagedLogException {
        if (!disk.exists(NAME)) {
            throw new DamagedLogException("the file " + NAME + " is missing");
        }
        Disk.File file = disk.open(NAME);
        ByteBuffer first = read(file, 0);
        ByteBuffer second = read(file, 1);
        boolean firstGood = isGood(first);
        boolean secondGood = isGood(second);
        if (!firstGood && !secondGood) {
            file.close();
            throw new DamagedLogException("no slot of " + NAME + " can be read");
        }
        boolean takeFirst = firstGood && (!secondGood || sequence(first) >= sequence(second));
        ByteBuffer newest = takeFirst ? first : second;
        HardStateFile opened = new HardStateFile(file, sequence(newest), decode(newest));
        if (!firstGood || !secondGood || sequence(first) != sequence(second)) {
            opened.save(opened.state);
        }
        return opened;
    }

    /** The cluster that the newest readable slot of {@code name} has; none where there is no such slot. */
    static ClusterId cluster(Disk disk, String name) throws IOException {
        if (!disk.exists(name)) {
            return ClusterId.NONE;
        }
        try (Disk.File file = disk.open(name)) {
            ByteBuffer first = read(file, 0);
            ByteBuffer second = read(file, 1);
            boolean takeFirst = isGood(first) && (!isGood(second) || sequence(first) >= sequence(second));
            ByteBuffer newest = takeFirst ? first : second;
            return isGood(newest) ? decode(newest).cluster() : ClusterId.NONE;
        }
    }

    /**
     * Durable when it returns; a crash before leaves the old or the new one. Needs no room on the disk.
     *
     * @throws IOException it is unknown which one is durable: the process must halt
     */
    public void save(HardState newState) throws IOException {
        sequence++;
        ByteBuffer record = encode(newState, sequence);
        for (int slot = 0; slot < 2; slot++) {
            file.write(record.duplicate(), (long) slot * SLOT_BYTES);
            file.force();
        }
        state = newState;
    }

    HardState state() {
        return state;
    }

    void close() throws IOException {
        file.close();
    }

    private static ByteBuffer read(Disk.File file, int slot) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES);
        file.read(record, (long) slot * SLOT_BYTES);
        return record.clear();
    }

    private static boolean isGood(ByteBuffer record) {
        return record.getLong(0) == MAGIC && record.getInt(RECORD_BYTES - Integer.BYTES) == checksum(record);
    }

    private static long sequence(ByteBuffer record) {
        return record.getLong(Long.BYTES);
    }

    private static ByteBuffer encode(HardState state, long sequence) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES)
                .putLong(MAGIC)
                .putLong(sequence)
                .putLong(state.cluster().high())
                .putLong(state.cluster().low())
                .putLong(state.incarnation())
                .putLong(state.term());
        @Nullable NodeId votedFor = state.votedFor();
        if (votedFor == null) {
            record.putInt(NOBODY);
        } else {
            byte[] name = votedFor.value().getBytes(StandardCharsets.US_ASCII);
            record.putInt(name.length).put(name);
        }
        return record.putInt(RECORD_BYTES - Integer.BYTES, checksum(record)).clear();
    }

    private static HardState decode(ByteBuffer record) {
        ByteBuffer in = record.duplicate().position(2 * Long.BYTES);
        ClusterId cluster = new ClusterId(in.getLong(), in.getLong());
        long incarnation = in.getLong();
        long term = in.getLong();
        int nameBytes = in.getInt();
        if (nameBytes == NOBODY) {
            return new HardState(cluster, incarnation, term, null);
        }
        byte[] name = new byte[nameBytes];
        in.get(name);
        return new HardState(cluster, incarnation, term, new NodeId(new String(name, StandardCharsets.US_ASCII)));
    }

    private static int checksum(ByteBuffer record) {
        CRC32C crc = new CRC32C();
        crc.update(record.duplicate().clear().limit(RECORD_BYTES - Integer.BYTES));
        return (int) crc.getValue();
    }
}
