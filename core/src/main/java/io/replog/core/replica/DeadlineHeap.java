package io.replog.core.replica;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The earliest deadline first. A binary heap whose elements know their place, so that one which ends early is taken out
 * at once: most do, and many deadlines are far away.
 */
final class DeadlineHeap<T extends Timed> {
    private final List<T> heap = new ArrayList<>();

    /** Takes {@code element} unless it has no deadline. */
    void add(T element) {
        if (element.deadline == Input.NO_DEADLINE) {
            return;
        }
        heap.add(element);
        element.slot = heap.size() - 1;
        up(element.slot);
    }

    void remove(T element) {
        int slot = element.slot;
        if (slot < 0) {
            return;
        }
        element.slot = -1;
        T last = heap.removeLast();
        if (last != element) {
            put(last, slot);
            up(slot);
            down(last.slot);
        }
    }

    long earliest() {
        return heap.isEmpty() ? Long.MAX_VALUE : heap.getFirst().deadline;
    }

    /** Takes out an element whose deadline has come, null where there is none. */
    @Nullable T poll(long now) {
        if (earliest() > now) {
            return null;
        }
        T first = heap.getFirst();
        remove(first);
        return first;
    }

    private void up(int from) {
        int slot = from;
        T element = heap.get(slot);
        while (slot > 0) {
            int parent = (slot - 1) >>> 1;
            if (heap.get(parent).deadline <= element.deadline) {
                break;
            }
            put(heap.get(parent), slot);
            slot = parent;
        }
        put(element, slot);
    }

    private void down(int from) {
        int slot = from;
        T element = heap.get(slot);
        while (true) {
            int child = 2 * slot + 1;
            if (child >= heap.size()) {
                break;
            }
            if (child + 1 < heap.size() && heap.get(child + 1).deadline < heap.get(child).deadline) {
                child++;
            }
            if (heap.get(child).deadline >= element.deadline) {
                break;
            }
            put(heap.get(child), slot);
            slot = child;
        }
        put(element, slot);
    }

    private void put(T element, int slot) {
        heap.set(slot, element);
        element.slot = slot;
    }
}
