package io.replog.core.session;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of slots by id that knows the order in which they were added. Several slots may have the same id; the newest
 * one is found. It links the slots themselves, because a {@code LinkedHashMap} would add half of what a client may take.
 */
final class SlotTable {
    private @Nullable Slot[] buckets = new @Nullable Slot[16];
    private int size;
    private @Nullable Slot oldest;
    private @Nullable Slot newest;

    int size() {
        return size;
    }

    @Nullable Slot oldest() {
        return oldest;
    }

    @Nullable Slot newest() {
        return newest;
    }

    /** The newest slot with this id. */
    @Nullable Slot find(String id) {
        int hash = Slot.hash(id);
        Slot slot = buckets[hash & buckets.length - 1];
        while (slot != null && !(slot.hash == hash && slot.hasId(id))) {
            slot = slot.nextInBucket;
        }
        return slot;
    }

    /** Adds a slot, which is in no table, as the newest. */
    void add(Slot slot) {
        if (size == buckets.length) {
            grow();
        }
        slot.older = newest;
        slot.newer = null;
        if (newest == null) {
            oldest = slot;
        } else {
            newest.newer = slot;
        }
        newest = slot;
        putFirstInBucket(slot);
        size++;
    }

    /** Removes a slot, which is in this table. */
    void remove(Slot slot) {
        takeFromBucket(slot);
        if (slot.older == null) {
            oldest = slot.newer;
        } else {
            slot.older.newer = slot.newer;
        }
        if (slot.newer == null) {
            newest = slot.older;
        } else {
            slot.newer.older = slot.older;
        }
        slot.older = null;
        slot.newer = null;
        size--;
    }

    private void putFirstInBucket(Slot slot) {
        int bucket = slot.hash & buckets.length - 1;
        slot.nextInBucket = buckets[bucket];
        buckets[bucket] = slot;
    }

    private void takeFromBucket(Slot slot) {
        int bucket = slot.hash & buckets.length - 1;
        Slot before = null;
        Slot at = Objects.requireNonNull(buckets[bucket], "not in this table");
        while (at != slot) {
            before = at;
            at = Objects.requireNonNull(at.nextInBucket, "not in this table");
        }
        if (before == null) {
            buckets[bucket] = slot.nextInBucket;
        } else {
            before.nextInBucket = slot.nextInBucket;
        }
        slot.nextInBucket = null;
    }

    /** Fills the buckets in the order of age again, so that of equal ids the newest stays first. */
    private void grow() {
        buckets = new @Nullable Slot[buckets.length * 2];
        for (Slot slot = oldest; slot != null; slot = slot.newer) {
            putFirstInBucket(slot);
        }
    }
}
