package io.replog.core.replica;

/** Something that ends at a deadline. An element of at most one {@link DeadlineHeap}. */
abstract class Timed {
    final long deadline;

    /** Place in the heap, -1 for none. */
    int slot = -1;

    Timed(long deadline) {
        this.deadline = deadline;
    }
}
