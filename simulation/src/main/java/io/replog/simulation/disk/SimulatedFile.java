package io.replog.simulation.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of a file, whatever its name: as the page cache has it, and for each sector that was not forced the versions
 * that the platter may have. A sector is written whole or not at all; sectors are independent of each other.
 */
final class SimulatedFile {
    static final int SECTOR = 512;

    private byte[] content = new byte[0];
    private int size;
    private int forcedSize;
    private final SortedMap<Integer, List<Version>> unforced = new TreeMap<>();

    /**
     * @param time number of the write that made it, 0 for what is durable
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
    private record Version(long time, byte[] bytes) {}

    int size() {
        return size;
    }

    byte[] read(int position, int length) {
        return Arrays.copyOfRange(content, position, position + length);
    }

    void write(int position, byte[] bytes, long time) {
        int end = position + bytes.length;
        keepOldVersions(position, end);
        ensure(end);
        System.arraycopy(bytes, 0, content, position, bytes.length);
        size = Math.max(size, end);
        addVersions(position, end, time);
    }

    void truncate(int newSize, long time) {
        int end = size;
        if (newSize < end) {
            keepOldVersions(newSize, end);
            Arrays.fill(content, newSize, end, (byte) 0);
            addVersions(newSize, end, time);
        }
        ensure(newSize);
        size = newSize;
    }

    void force() {
        unforced.clear();
        forcedSize = size;
    }

    /** Flips one bit on the platter and in the cache. */
    void flip(int position, int bit) {
        content[position] ^= (byte) (1 << bit);
        List<Version> versions = unforced.get(position / SECTOR);
        if (versions != null) {
            versions.forEach(version -> version.bytes()[position % SECTOR] ^= (byte) (1 << bit));
        }
    }

    /** Leaves of each sector what {@code loss} lets through; the rest of the cache is gone. */
    void losePower(Loss loss) {
        int keptSize = forcedSize;
        for (var sector : unforced.entrySet()) {
            List<Version> versions = sector.getValue();
            long until = loss.lastTime();
            Version kept = versions.getFirst();
            for (Version version : versions) {
                if (version.time() <= until) {
                    kept = version;
                }
            }
            int start = sector.getKey() * SECTOR;
            ensure(start + SECTOR);
            System.arraycopy(kept.bytes(), 0, content, start, SECTOR);
            if (kept.time() > 0) {
                keptSize = Math.max(keptSize, Math.min(size, start + SECTOR));
            }
        }
        size = keptSize;
        Arrays.fill(content, Math.min(size, content.length), content.length, (byte) 0);
        force();
    }

    private void keepOldVersions(int from, int to) {
        for (int sector = from / SECTOR; sector * SECTOR < to; sector++) {
            if (!unforced.containsKey(sector)) {
                List<Version> versions = new ArrayList<>();
                versions.add(new Version(0, sectorBytes(sector)));
                unforced.put(sector, versions);
            }
        }
    }

    private void addVersions(int from, int to, long time) {
        for (int sector = from / SECTOR; sector * SECTOR < to; sector++) {
            List<Version> versions = unforced.get(sector);
            if (versions != null) {
                versions.add(new Version(time, sectorBytes(sector)));
            }
        }
    }

    private byte[] sectorBytes(int sector) {
        int start = sector * SECTOR;
        return start >= content.length ? new byte[SECTOR] : Arrays.copyOfRange(content, start, start + SECTOR);
    }

    private void ensure(int length) {
        if (length > content.length) {
            content = Arrays.copyOf(content, Math.max(length, 2 * content.length));
        }
    }
}
