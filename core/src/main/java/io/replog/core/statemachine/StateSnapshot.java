package io.replog.core.statemachine;

import io.replog.core.kv.KvMap;
import io.replog.core.quorum.Membership;
import io.replog.core.session.SessionTable;

/**
 * The state after applying the log up to an index. Immutable: taking one copies nothing that grows.
 *
 * @param index      last index applied, 0 for none
 * @param term       term at {@code index}
 * @param lastId     id of the last message up to {@code index}
 * @param view       number of the view at {@code index}
 * @param membership at {@code index}
 * @param kv         the key-value store
 * @param sessions   the deduplication table
 */
public record StateSnapshot(
        long index,
        long term,
        long lastId,
        long view,
        Membership membership,
        KvMap kv,
        SessionTable.Snapshot sessions) {
    /** The state before any entry. */
    public static final StateSnapshot EMPTY =
            new StateSnapshot(0, 0, 0, 0, Membership.EMPTY, KvMap.EMPTY, SessionTable.Snapshot.EMPTY);
}
