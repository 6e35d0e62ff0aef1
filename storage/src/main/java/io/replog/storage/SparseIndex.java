package io.replog.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Places within a segment, one for every so many bytes, by index and by id. One thread adds; any thread looks up, without
 * a lock, what was added before the look-up was told of it.
 */
final class SparseIndex {
    static final int POINT_BYTES = 3 * Long.BYTES + Integer.BYTES;

    private long[] indexes;
    private long[] ids;
    private long[] digests;
    private int[] positions;
    /** Written last, read first: whoever sees a size sees arrays that are filled up to it. */
    private volatile int size;

    SparseIndex() {
        this(16);
    }

    private SparseIndex(int capacity) {
        indexes = new long[capacity];
        ids = new long[capacity];
        digests = new long[capacity];
        positions = new int[capacity];
    }

    /** @param before the log before the entry that stands at {@code position} */
    void add(LogPoint before, long position) {
        add(before.index(), before.id(), before.digest(), Math.toIntExact(position));
    }

    private void add(long index, long id, long digest, int position) {
        int at = size;
        if (at == positions.length) {
            indexes = Arrays.copyOf(indexes, 2 * at);
            ids = Arrays.copyOf(ids, 2 * at);
            digests = Arrays.copyOf(digests, 2 * at);
            positions = Arrays.copyOf(positions, 2 * at);
        }
        indexes[at] = index;
        ids[at] = id;
        digests[at] = digest;
        positions[at] = position;
        size = at + 1;
    }

    int size() {
        return size;
    }

    /** The last point before {@code index}; −1 where there is none. */
    int floorByIndex(long index) {
        return floor(size, indexes, index);
    }

    /** The last point before message {@code id}; −1 where there is none. */
    int floorById(long id) {
        return floor(size, ids, id);
    }

    private static int floor(int size, long[] before, long wanted) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (before[middle] < wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    long indexBefore(int point) {
        return indexes[point];
    }

    long digestBefore(int point) {
        return digests[point];
    }

    long position(int point) {
        return positions[point];
    }

    /** A copy without the points at or after {@code position}. */
    SparseIndex upTo(long position) {
        SparseIndex copy = new SparseIndex(Math.max(16, size));
        for (int at = 0; at < size && positions[at] < position; at++) {
            copy.add(indexes[at], ids[at], digests[at], positions[at]);
        }
        return copy;
    }

    void writeTo(ByteBuffer target) {
        for (int at = 0; at < size; at++) {
            target.putLong(indexes[at]).putLong(ids[at]).putLong(digests[at]).putInt(positions[at]);
        }
    }

    static SparseIndex read(ByteBuffer source, int points) {
        SparseIndex index = new SparseIndex(Math.max(1, points));
        for (int at = 0; at < points; at++) {
            index.add(source.getLong(), source.getLong(), source.getLong(), source.getInt());
        }
        return index;
    }
}
