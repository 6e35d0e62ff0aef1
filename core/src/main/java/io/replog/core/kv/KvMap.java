package io.replog.core.kv;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys with their values, sorted by the UTF-8 bytes of the key: a persistent balanced tree, of which every change gives a
 * new map that shares all but a path with the old one. So a reader on any thread has a consistent snapshot, and a state
 * snapshot costs nothing to take. Immutable.
 *
 * <p>A B-tree with nodes of up to 32, over {@linkplain KvRecord records} that are one array each: about 50 bytes for a
 * key beside the bytes of key and value themselves.
 */
public final class KvMap implements Iterable<KvMap.Entry> {
    public static final KvMap EMPTY = new KvMap(KvLeaf.EMPTY);

    private final KvNode root;

    private KvMap(KvNode root) {
        this.root = root;
    }

    /**
     * @param key   the key
     * @param value its value
     * @param index index of the command that set it last
     */
    public record Entry(String key, String value, long index) {}

    public int size() {
        return root.size();
    }

    public @Nullable Entry get(String key) {
        byte[] found = root.find(KvText.toBytes(key));
        return found == null ? null : KvRecord.entry(found);
    }

    public KvMap with(Entry entry) {
        byte[] added = KvRecord.of(entry);
        KvNode changed = root.with(added, KvRecord.key(added));
        int width = changed.width();
        return new KvMap(
                width <= KvNode.MAX_WIDTH
                        ? changed
                        : new KvInner(new KvNode[] {changed.part(0, width / 2), changed.part(width / 2, width)}));
    }

    /** The same map where the key is absent. */
    public KvMap without(String key) {
        KvNode changed = root.without(KvText.toBytes(key));
        if (changed == root) {
            return this;
        }
        while (changed instanceof KvInner inner && inner.width() == 1) {
            changed = inner.child(0);
        }
        return changed.width() == 0 ? EMPTY : new KvMap(changed);
    }

    /** The entries whose keys begin with {@code prefix}, in order; found while they are iterated. */
    public Iterable<Entry> withPrefix(String prefix) {
        byte[] bytes = KvText.toBytes(prefix);
        return () -> new EntryIterator(new KvCursor(root, bytes));
    }

    /**
     * All entries in their binary form and in order, for {@link Builder#addRecord}. Not to be written to. Faster than by way
     * of {@link Entry}.
     */
    public Iterator<byte[]> records() {
        return new KvCursor(root, new byte[0]);
    }

    @Override
    public Iterator<Entry> iterator() {
        return withPrefix("").iterator();
    }

    private record EntryIterator(KvCursor cursor) implements Iterator<Entry> {
        @Override
        public boolean hasNext() {
            return cursor.hasNext();
        }

        @Override
        public Entry next() {
            return KvRecord.entry(cursor.next());
        }
    }

    /** Makes a map of entries that come in the order of their keys, faster than by adding them one at a time. */
    public static final class Builder {
        private final List<KvNode> leaves = new ArrayList<>();
        private final List<byte[]> records = new ArrayList<>();
        private byte[] lastKey = new byte[0];

        /** @throws IllegalArgumentException where the key does not come after the one before */
        public void add(Entry entry) {
            addRecord(KvRecord.of(entry));
        }

        /**
         * @param added as from {@link KvMap#records()}; kept, not copied
         * @throws IllegalArgumentException where it is no such record, or its key does not come after the one before
         */
        public void addRecord(byte[] added) {
            if (!KvRecord.isWhole(added) || KvRecord.compare(added, lastKey) <= 0) {
                throw new IllegalArgumentException("a record that is torn or out of order");
            }
            lastKey = KvRecord.key(added);
            records.add(added);
            if (records.size() == KvNode.MAX_WIDTH) {
                finishLeaf();
            }
        }

        /** The map; the builder is not to be used afterwards. */
        public KvMap build() {
            if (!records.isEmpty()) {
                finishLeaf();
            }
            if (leaves.isEmpty()) {
                return EMPTY;
            }
            List<KvNode> level = leaves;
            while (level.size() > 1) {
                level = parents(level);
            }
            return new KvMap(level.getFirst());
        }

        private void finishLeaf() {
            leaves.add(new KvLeaf(records.toArray(byte[][]::new)));
            records.clear();
        }

        private static List<KvNode> parents(List<KvNode> level) {
            List<KvNode> parents = new ArrayList<>();
            for (int from = 0; from < level.size(); from += KvNode.MAX_WIDTH) {
                int to = Math.min(from + KvNode.MAX_WIDTH, level.size());
                parents.add(new KvInner(level.subList(from, to).toArray(KvNode[]::new)));
            }
            return parents;
        }
    }
}
