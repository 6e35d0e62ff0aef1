package io.replog.core.kv;

import org.jspecify.annotations.Nullable;

/**
 * A node of {@link KvMap}'s tree. Immutable. A change may give a node with one slot more than {@link #MAX_WIDTH}, which whoever
 * holds it splits, or with none, which whoever holds it drops.
 */
sealed interface KvNode permits KvLeaf, KvInner {
    int MAX_WIDTH = 32;

    /** A node with fewer slots is joined with a neighbour where the two then have room left. */
    int MIN_WIDTH = MAX_WIDTH / 4;

    /** Entries below this node. */
    int size();

    /** Slots in use. */
    int width();

    /** The first record below this node; the node is not empty. */
    byte[] first();

    byte @Nullable [] find(byte[] key);

    /** With {@code record}, whose key is {@code key}, added or in the place of the one with this key. */
    KvNode with(byte[] record, byte[] key);

    /** The same node where {@code key} is absent. */
    KvNode without(byte[] key);

    /** The slots from {@code from} to {@code to}, exclusive. */
    KvNode part(int from, int to);

    /** This node and {@code next}, of the same kind, as one. */
    KvNode joinedWith(KvNode next);
}
