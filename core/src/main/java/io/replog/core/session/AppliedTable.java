package io.replog.core.session;

import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The remembered requests of one kind that are applied: at most one for each id, at most so many, and of their results at
 * most so many bytes. What it holds is a function of the applied log alone.
 */
final class AppliedTable {
    private final SlotTable slots = new SlotTable();
    private final int capacity;
    private final long maxResultBytes;
    private long resultBytes;
    /** The oldest slot whose result may still have bytes to free: all older ones have none. */
    private @Nullable Slot oldestRetained;

    AppliedTable(int capacity, long maxResultBytes) {
        this.capacity = capacity;
        this.maxResultBytes = maxResultBytes;
    }

    @Nullable Slot find(String id) {
        return slots.find(id);
    }

    /** Adds a slot, in the order of the log, in the place of {@code displaced}, the one with the same id. */
    void add(Slot slot, @Nullable Slot displaced) {
        if (displaced != null) {
            remove(displaced);
        }
        slots.add(slot);
        resultBytes += slot.retainedBytes();
        if (oldestRetained == null) {
            oldestRetained = slot;
        }
        if (slots.size() > capacity && slots.oldest() != null) {
            remove(slots.oldest());
        }
        while (resultBytes > maxResultBytes && oldestRetained != null) {
            if (oldestRetained.retainedBytes() > 0) {
                resultBytes -= oldestRetained.retainedBytes();
                oldestRetained.forgetResult();
            }
            oldestRetained = oldestRetained.newer;
        }
    }

    private void remove(Slot slot) {
        if (slot == oldestRetained) {
            oldestRetained = slot.newer;
        }
        resultBytes -= slot.retainedBytes();
        slots.remove(slot);
    }

    /** As it is now, oldest first; immutable, made readable only when it is read. */
    List<SessionTable.Appended> freeze() {
        Frozen[] frozen = new Frozen[slots.size()];
        int i = 0;
        for (Slot slot = slots.oldest(); slot != null; slot = slot.newer) {
            frozen[i] = new Frozen(slot, slot.encodedResult());
            i++;
        }
        return new FrozenList(frozen);
    }

    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
    private record Frozen(Slot slot, byte @Nullable [] result) {}

    private static final class FrozenList extends AbstractList<SessionTable.Appended> {
        private final Frozen[] content;

        FrozenList(Frozen[] content) {
            this.content = content;
        }

        @Override
        public SessionTable.Appended get(int i) {
            return content[i].slot().toAppended(content[i].result());
        }

        @Override
        public int size() {
            return content.length;
        }
    }
}
