package io.replog.cli.check;

/** What can go wrong on purpose. */
public enum FaultKind {
    /** A node is killed, and started again after a while. Nodes of one's own alone. */
    KILL,
    /** A node stands still for a while. Nodes of one's own alone. */
    PAUSE,
    /** A node is cut off from its peers, not from clients: from all, from one, in one direction, or for entries. */
    PARTITION,
    /** A node loses requests and replies of clients and peers. */
    DROP,
    /** A node is slow to store. */
    DELAY;

    /** Whether it needs the node's process, rather than its {@code /faults}. */
    public boolean needsProcess() {
        return this == KILL || this == PAUSE;
    }
}
