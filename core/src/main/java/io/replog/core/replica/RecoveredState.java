package io.replog.core.replica;

import io.replog.core.log.LogEntry;
import io.replog.core.statemachine.StateSnapshot;
import java.util.List;

/**
 * What a node's disk holds at its start.
 *
 * @param hardState      as it was saved last
 * @param snapshot       newest readable state snapshot, {@link StateSnapshot#EMPTY} where there is none
 * @param controlEntries every {@linkplain io.replog.core.log.EntryType#isControl() control} entry of the log in order:
 *                       they give the terms of all indexes, the memberships and the view
 * @param entries        the log's entries after the snapshot, in order, to the end; read once
 * @param lastIndex      last index of the log, 0 where it is empty
 * @param lastTerm       term of the log's last entry, 0 where it is empty
 * @param lastId         id of the log's last message, 0 where there is none
 * @param setAside       whether the log that this disk held was damaged and set aside: what the node promised is lost,
 *                       so while its log is empty it founds no cluster and waits to be refilled by one that holds data
 */
public record RecoveredState(
        HardState hardState,
        StateSnapshot snapshot,
        List<LogEntry> controlEntries,
        Iterable<LogEntry> entries,
        long lastIndex,
        long lastTerm,
        long lastId,
        boolean setAside) {}
