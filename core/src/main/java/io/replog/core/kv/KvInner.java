package io.replog.core.kv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Nodes of one height, none of them empty, in the order of their keys. */
final class KvInner implements KvNode {
    private final KvNode[] children;
    /** The first record below each child, so that a search touches one array before it descends. */
    private final byte[][] firsts;

    private final int size;

    /** @param children kept, not copied */
    KvInner(KvNode[] children) {
        this.children = children;
        this.firsts = new byte[children.length][];
        int sum = 0;
        for (int i = 0; i < children.length; i++) {
            firsts[i] = children[i].first();
            sum += children[i].size();
        }
        this.size = sum;
    }

    private KvInner(KvNode[] children, byte[][] firsts, int size) {
        this.children = children;
        this.firsts = firsts;
        this.size = size;
    }

    KvNode child(int i) {
        return children[i];
    }

    /** The child below which {@code key} is, if it is anywhere. */
    int childFor(byte[] key) {
        int low = 1;
        int high = children.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (KvRecord.compare(firsts[middle], key) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low - 1;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int width() {
        return children.length;
    }

    @Override
    public byte[] first() {
        return firsts[0];
    }

    @Override
    public byte @Nullable [] find(byte[] key) {
        return children[childFor(key)].find(key);
    }

    @Override
    public KvInner with(byte[] record, byte[] key) {
        int at = childFor(key);
        KvNode changed = children[at].with(record, key);
        int width = changed.width();
        return width <= MAX_WIDTH
                ? replaced(at, changed)
                : replaced(at, 1, changed.part(0, width / 2), changed.part(width / 2, width));
    }

    @Override
    public KvInner without(byte[] key) {
        int at = childFor(key);
        KvNode changed = children[at].without(key);
        if (changed == children[at]) {
            return this;
        }
        if (changed.width() == 0) {
            return replaced(at, 1);
        }
        if (changed.width() < MIN_WIDTH) {
            if (at > 0 && fitsTogether(children[at - 1], changed)) {
                return replaced(at - 1, 2, children[at - 1].joinedWith(changed));
            }
            if (at + 1 < children.length && fitsTogether(changed, children[at + 1])) {
                return replaced(at, 2, changed.joinedWith(children[at + 1]));
            }
        }
        return replaced(at, changed);
    }

    @Override
    public KvInner part(int from, int to) {
        return new KvInner(Arrays.copyOfRange(children, from, to));
    }

    @Override
    public KvInner joinedWith(KvNode next) {
        KvNode[] others = ((KvInner) next).children;
        KvNode[] joined = Arrays.copyOf(children, children.length + others.length);
        System.arraycopy(others, 0, joined, children.length, others.length);
        return new KvInner(joined);
    }

    /** Room is left, so that the next addition does not split the node again. */
    private static boolean fitsTogether(KvNode left, KvNode right) {
        return left.width() + right.width() <= MAX_WIDTH - MIN_WIDTH;
    }

    private KvInner replaced(int at, KvNode changed) {
        KvNode[] nodes = children.clone();
        nodes[at] = changed;
        byte[] first = changed.first();
        byte[][] records = firsts;
        if (first != firsts[at]) {
            records = firsts.clone();
            records[at] = first;
        }
        return new KvInner(nodes, records, size - children[at].size() + changed.size());
    }

    /** With {@code count} children from {@code at} on replaced by {@code changed}. */
    private KvInner replaced(int at, int count, KvNode... changed) {
        KvNode[] nodes = new KvNode[children.length - count + changed.length];
        System.arraycopy(children, 0, nodes, 0, at);
        System.arraycopy(changed, 0, nodes, at, changed.length);
        System.arraycopy(children, at + count, nodes, at + changed.length, children.length - at - count);
        return new KvInner(nodes);
    }
}
