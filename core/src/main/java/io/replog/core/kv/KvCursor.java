package io.replog.core.kv;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Goes through the records below a node whose keys begin with a prefix, in order. */
final class KvCursor implements Iterator<byte[]> {
    /** @param next position of the child after the one that is being gone through */
    private record Level(KvInner node, int next) {}

    private final byte[] prefix;
    private final Deque<Level> path = new ArrayDeque<>();
    private KvLeaf leaf;
    private int position;

    KvCursor(KvNode root, byte[] prefix) {
        this.prefix = prefix;
        KvNode node = root;
        while (node instanceof KvInner inner) {
            int at = inner.childFor(prefix);
            path.push(new Level(inner, at + 1));
            node = inner.child(at);
        }
        leaf = (KvLeaf) node;
        int found = leaf.search(prefix);
        position = found < 0 ? -1 - found : found;
    }

    @Override
    public boolean hasNext() {
        return nextRecord() != null;
    }

    @Override
    public byte[] next() {
        byte[] record = nextRecord();
        if (record == null) {
            throw new NoSuchElementException();
        }
        position++;
        return record;
    }

    private byte @Nullable [] nextRecord() {
        if (position == leaf.width() && !moveToNextLeaf()) {
            return null;
        }
        byte[] record = leaf.record(position);
        return KvRecord.hasPrefix(record, prefix) ? record : null;
    }

    private boolean moveToNextLeaf() {
        while (!path.isEmpty()) {
            Level level = path.pop();
            if (level.next() < level.node().width()) {
                KvNode node = level.node().child(level.next());
                path.push(new Level(level.node(), level.next() + 1));
                while (node instanceof KvInner inner) {
                    path.push(new Level(inner, 1));
                    node = inner.child(0);
                }
                leaf = (KvLeaf) node;
                position = 0;
                return true;
            }
        }
        return false;
    }
}
