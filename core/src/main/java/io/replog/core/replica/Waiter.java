package io.replog.core.replica;

import io.replog.core.kv.KvResult;
import io.replog.core.quorum.WriteConcern;
import org.jspecify.annotations.Nullable;

/** A request that waits for an entry of the log to be acknowledged. */
final class Waiter extends Timed {
    final long requestId;
    final long index;
    final long term;
    final long firstId;
    final long lastId;
    final WriteConcern w;
    final boolean replayed;

    /** Whether it only asks who holds the entry, and takes what is known at the deadline for an answer. */
    final boolean onlyAsks;

    /** Whether the answer needs the result of a command, and so that it is applied. */
    final boolean command;

    @Nullable KvResult result;

    Waiter(
            long requestId,
            Entry entry,
            WriteConcern w,
            long deadline,
            boolean replayed,
            boolean onlyAsks,
            @Nullable KvResult result) {
        super(deadline);
        this.requestId = requestId;
        this.index = entry.lastIndex();
        this.term = entry.term();
        this.firstId = entry.firstId();
        this.lastId = entry.lastId();
        this.command = entry.command();
        this.w = w;
        this.replayed = replayed;
        this.onlyAsks = onlyAsks;
        this.result = result;
    }

    /**
     * What is waited for.
     *
     * @param lastIndex its last index
     * @param term      its term
     * @param firstId   id of its first message, 0 for none
     * @param lastId    id of its last message, 0 for none
     * @param command   whether it is a key-value command
     */
    record Entry(long lastIndex, long term, long firstId, long lastId, boolean command) {}

    /** Whether nothing but acknowledgements is missing. */
    boolean isApplied() {
        return !command || result != null;
    }
}
