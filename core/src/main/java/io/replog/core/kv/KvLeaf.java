package io.replog.core.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Records in the order of their keys. */
final class KvLeaf implements KvNode {
    static final KvLeaf EMPTY = new KvLeaf(new byte[0][]);

    private final byte[][] records;

    /** @param records kept, not copied */
    KvLeaf(byte[][] records) {
        this.records = records;
    }

    byte[] record(int i) {
        return records[i];
    }

    /** Position of {@code key}, or {@code -1 - position} where it would stand. */
    int search(byte[] key) {
        int low = 0;
        int high = records.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = KvRecord.compare(records[middle], key);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    @Override
    public int size() {
        return records.length;
    }

    @Override
    public int width() {
        return records.length;
    }

    @Override
    public byte[] first() {
        return records[0];
    }

    @Override
    public byte @Nullable [] find(byte[] key) {
        int found = search(key);
        return found < 0 ? null : records[found];
    }

    @Override
    public KvLeaf with(byte[] record, byte[] key) {
        int found = search(key);
        if (found >= 0) {
            byte[][] changed = records.clone();
            changed[found] = record;
            return new KvLeaf(changed);
        }
        int at = -1 - found;
        byte[][] changed = new byte[records.length + 1][];
        System.arraycopy(records, 0, changed, 0, at);
        changed[at] = record;
        System.arraycopy(records, at, changed, at + 1, records.length - at);
        return new KvLeaf(changed);
    }

    @Override
    public KvLeaf without(byte[] key) {
        int found = search(key);
        if (found < 0) {
            return this;
        }
        byte[][] changed = new byte[records.length - 1][];
        System.arraycopy(records, 0, changed, 0, found);
        System.arraycopy(records, found + 1, changed, found, changed.length - found);
        return new KvLeaf(changed);
    }

    @Override
    public KvLeaf part(int from, int to) {
        return new KvLeaf(Arrays.copyOfRange(records, from, to));
    }

    @Override
    public KvLeaf joinedWith(KvNode next) {
        byte[][] others = ((KvLeaf) next).records;
        byte[][] joined = Arrays.copyOf(records, records.length + others.length);
        System.arraycopy(others, 0, joined, records.length, others.length);
        return new KvLeaf(joined);
    }
}
