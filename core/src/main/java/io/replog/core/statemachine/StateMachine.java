package io.replog.core.statemachine;

import io.replog.core.kv.KvMachine;
import io.replog.core.kv.KvMap;
import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.quorum.Membership;
import io.replog.core.session.SessionTable;
import org.jspecify.annotations.Nullable;

/**
 * What the committed log means: the key-value store, and the numbers, view and membership at the last index that is applied.
 * Deterministic: the same entries give the same state and the same results on every member. Not thread-safe; what
 * {@link #view()} and {@link #snapshot} give is immutable.
 */
public final class StateMachine {
    private long index;
    private long term;
    private long lastId;
    private long view;
    private Membership membership;
    private KvMap kv;

    /** Goes on after {@code snapshot}. */
    public StateMachine(StateSnapshot snapshot) {
        index = snapshot.index();
        term = snapshot.term();
        lastId = snapshot.lastId();
        view = snapshot.view();
        membership = snapshot.membership();
        kv = snapshot.kv();
    }

    /**
     * Applies the entry after {@link #appliedIndex()}.
     *
     * @return what a command gave, null for all other entries
     * @throws IllegalArgumentException where another entry is due
     * @throws RuntimeException         where the entry cannot be applied: the node must halt, for the others may be able
     *                                  to
     */
    public @Nullable KvResult apply(LogEntry entry) {
        if (entry.firstIndex() != index + 1) {
            throw new IllegalArgumentException(entry + " is not the one after index " + index);
        }
        KvResult result = null;
        switch (entry.type()) {
            case MESSAGES -> {}
            case COMMAND, NO_OP, MEMBERSHIP -> result = apply(EntryCodec.payload(entry), entry.lastIndex());
        }
        index = entry.lastIndex();
        term = entry.term();
        lastId = entry.lastId();
        return result;
    }

    private @Nullable KvResult apply(Payload payload, long at) {
        switch (payload) {
            case Payload.Command command -> {
                KvMachine.Step step = KvMachine.apply(kv, command.command(), at);
                kv = step.map();
                return step.result();
            }
            case Payload.NoOp noOp -> view = noOp.view();
            case Payload.MembershipChange change -> {
                view = change.view();
                membership = change.membership();
            }
            case Payload.Omitted _, Payload.Messages _ -> {}
        }
        return null;
    }

    /** Last index that is applied, 0 for none. */
    public long appliedIndex() {
        return index;
    }

    /** Term at {@link #appliedIndex()}. */
    public long appliedTerm() {
        return term;
    }

    /** For readers on any thread. */
    public StateMachineView view() {
        return new StateMachineView(index, lastId, kv);
    }

    /**
     * The state as it is now; copies nothing.
     *
     * @param sessions the deduplication table at {@link #appliedIndex()}
     */
    public StateSnapshot snapshot(SessionTable.Snapshot sessions) {
        return new StateSnapshot(index, term, lastId, view, membership, kv, sessions);
    }
}
