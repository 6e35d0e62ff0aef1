package io.replog.simulation.invariant;

import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node's log should hold, by what was seen going in and out of it. */
final class ShadowLog {
    private final List<LogEntry> entries = new ArrayList<>();
    private int omitted;

    long lastIndex() {
        return entries.isEmpty() ? 0 : entries.getLast().lastIndex();
    }

    long lastTerm() {
        return entries.isEmpty() ? 0 : entries.getLast().term();
    }

    private long lastId() {
        return entries.isEmpty() ? 0 : entries.getLast().lastId();
    }

    void append(LogEntry entry) {
        if (entry.firstIndex() != lastIndex() + 1) {
            throw new InvariantViolation(
                    "consecutive entries", entry + " is appended to a log that ends at " + lastIndex());
        }
        if (entry.term() < lastTerm()) {
            throw new InvariantViolation("growing terms", entry + " is appended behind term " + lastTerm());
        }
        long expectedId = entry.type() == EntryType.MESSAGES ? lastId() + entry.count() : lastId();
        if (entry.lastId() != expectedId) {
            throw new InvariantViolation(
                    "dense ids", entry + " ends at message id " + entry.lastId() + " where " + expectedId + " belongs");
        }
        entries.add(entry);
        omitted += entry.isOmitted() ? 1 : 0;
    }

    /** @param fromIndex first index of an entry, or beyond the last */
    void truncateFrom(long fromIndex) {
        while (lastIndex() >= fromIndex) {
            LogEntry last = entries.removeLast();
            omitted -= last.isOmitted() ? 1 : 0;
            if (last.firstIndex() < fromIndex) {
                throw new InvariantViolation("whole entries", "a cut at " + fromIndex + " goes through " + last);
            }
        }
    }

    boolean lacksPayloads() {
        return omitted > 0;
    }

    /** The entry that takes {@code index}, null where there is none. */
    @Nullable LogEntry at(long index) {
        int place = placeOf(index);
        return place < 0 ? null : entries.get(place);
    }

    /** Place of the entry that takes {@code index}, −1 where there is none. */
    private int placeOf(long index) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            LogEntry entry = entries.get(middle);
            if (entry.lastIndex() < index) {
                low = middle + 1;
            } else if (entry.firstIndex() > index) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    /** The entries behind {@code index} up to the one that takes {@code last}. */
    List<LogEntry> between(long index, long last) {
        int from = index == 0 ? 0 : placeOf(index) + 1;
        int to = placeOf(last);
        return to < from ? List.of() : entries.subList(from, to + 1);
    }

    /** The entries that end behind {@code index}. */
    List<LogEntry> after(long index) {
        int from = entries.size();
        while (from > 0 && entries.get(from - 1).lastIndex() > index) {
            from--;
        }
        return entries.subList(from, entries.size());
    }

    List<LogEntry> all() {
        return entries;
    }

    /** Whether two nodes' entries are the same one; a witness's lacks the payload, so its checksum differs. */
    static boolean same(LogEntry one, LogEntry other) {
        return one.term() == other.term()
                && one.firstIndex() == other.firstIndex()
                && one.lastIndex() == other.lastIndex()
                && one.type() == other.type()
                && one.lastId() == other.lastId()
                && (one.crc() == other.crc() || one.isOmitted() != other.isOmitted());
    }
}
