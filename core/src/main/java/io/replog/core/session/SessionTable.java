package io.replog.core.session;

import io.replog.core.kv.KvResult;
import io.replog.core.log.RequestKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a repeat of a write recognisable and gives it the first answer. It covers the whole log, committed or not:
 * the leader looks requests up when it appends them, and an entry that is not in its log will never be committed behind
 * one that is, so a lookup at append time is exact. Truncation takes entries out again. The oldest keys expire by their
 * number, in log order, never by a clock. Not thread-safe.
 */
public final class SessionTable {

    /**
     * A write that was appended under a key.
     *
     * @param key     what it was appended under; carries the fingerprint
     * @param index   its last index
     * @param term    its term
     * @param firstId id of its first message, 0 for a command
     * @param lastId  id of its last message, 0 for a command
     * @param result  what a command gave; null for messages, and until it is applied
     */
    public record Appended(
            RequestKey key,
            long index,
            long term,
            long firstId,
            long lastId,
            @Nullable KvResult result) {}

    /** The part of the table that is applied, oldest first. Immutable. */
    public record Snapshot(List<Appended> idempotencyKeys, List<Appended> clients) {
        public static final Snapshot EMPTY = new Snapshot(List.of(), List.of());
    }
}
