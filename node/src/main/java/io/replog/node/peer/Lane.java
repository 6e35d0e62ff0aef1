package io.replog.node.peer;

/** Messages to a peer travel in two streams, so that heartbeats and votes never queue behind entries. */
enum Lane {
    CONTROL,
    ENTRIES
}
