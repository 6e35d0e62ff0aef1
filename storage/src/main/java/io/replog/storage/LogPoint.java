package io.replog.storage;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;

/**
 * The log up to and including an entry.
 *
 * @param index  last index of the entry, 0 before the first
 * @param term   its term
 * @param id     id of the last message so far
 * @param digest over all entries so far
 */
record LogPoint(long index, long term, long id, long digest) {
    static final LogPoint START = new LogPoint(0, 0, 0, Digest.EMPTY);

    /** @throws DamagedEntryException where {@code entry} cannot stand behind this point */
    LogPoint after(LogEntry entry) {
        if (entry.firstIndex() != index + 1) {
            throw new DamagedEntryException("index " + entry.firstIndex() + " stands behind index " + index);
        }
        if (entry.term() < term) {
            throw new DamagedEntryException(
                    "term " + entry.term() + " stands behind term " + term + " at index " + entry.firstIndex());
        }
        long expectedId = entry.type() == EntryType.MESSAGES ? id + entry.count() : id;
        if (entry.lastId() != expectedId) {
            throw new DamagedEntryException("id " + entry.lastId() + " stands where " + expectedId
                    + " belongs, at index " + entry.firstIndex());
        }
        return new LogPoint(
                entry.lastIndex(),
                entry.term(),
                expectedId,
                Digest.after(digest, entry.term(), entry.lastIndex(), entry.crc()));
    }
}
