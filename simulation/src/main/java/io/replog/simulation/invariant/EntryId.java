package io.replog.simulation.invariant;

import io.replog.core.log.LogEntry;

/** By the log matching property there is one entry of a term that ends at an index. */
record EntryId(long term, long lastIndex) {
    static EntryId of(LogEntry entry) {
        return new EntryId(entry.term(), entry.lastIndex());
    }
}
