package io.replog.core.kv;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Keys with their values, sorted by the UTF-8 bytes of the key: a persistent balanced tree, of which every change gives a
 * new map that shares all but a path with the old one. So a reader on any thread has a consistent snapshot, and a state
 * snapshot costs nothing to take. Immutable.
 */
public final class KvMap implements Iterable<KvMap.Entry> {
    public static final KvMap EMPTY = new KvMap();

    private KvMap() {}

    /**
     * @param key   the key
     * @param value its value
     * @param index index of the command that set it last
     */
    public record Entry(String key, String value, long index) {}

    public int size() {
        return 0;
    }

    public @Nullable Entry get(String key) {
        throw new UnsupportedOperationException(key);
    }

    public KvMap with(Entry entry) {
        throw new UnsupportedOperationException(entry.toString());
    }

    public KvMap without(String key) {
        throw new UnsupportedOperationException(key);
    }

    /** The entries whose keys begin with {@code prefix}, in order. */
    public Iterable<Entry> withPrefix(String prefix) {
        throw new UnsupportedOperationException(prefix);
    }

    @Override
    public Iterator<Entry> iterator() {
        return withPrefix("").iterator();
    }
}
