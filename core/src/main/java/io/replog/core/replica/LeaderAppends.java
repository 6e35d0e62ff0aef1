package io.replog.core.replica;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.session.SessionTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Admission of writes at the leader: a write is either appended before its deadline or refused, never both. */
final class LeaderAppends {
    private final ReplicaState state;
    private final Waiters waiters;
    private final QuorumContact quorumContact;
    private final Transfers transfers;

    LeaderAppends(ReplicaState state, Waiters waiters, QuorumContact quorumContact, Transfers transfers) {
        this.state = state;
        this.waiters = waiters;
        this.quorumContact = quorumContact;
        this.transfers = transfers;
    }

    void onAppend(Input.Append input) {
        if (!(state.role instanceof LeaderState leader)) {
            // While the lead is handed over, the refusal waits until it is known who leads now.
            if (!transfers.holdBack(input)) {
                refuse(input.requestId(), Refusal.NOT_LEADER);
            }
            return;
        }
        if (state.now() >= input.deadline()) {
            refuse(input.requestId(), Refusal.DEADLINE);
            return;
        }
        switch (state.sessions.lookup(input.request().key())) {
            case SessionTable.Lookup.KeyReused _ -> refuse(input.requestId(), Refusal.KEY_REUSED);
            case SessionTable.Lookup.SequenceTooOld _ -> refuse(input.requestId(), Refusal.SEQUENCE_TOO_OLD);
            // A repeat is stored already: to refuse it for want of a quorum would be a false promise.
            case SessionTable.Lookup.Repeat repeat -> awaitRepeat(input, repeat.first());
            case SessionTable.Lookup.New _ -> {
                Refusal refusal = refusal(leader, input);
                if (refusal != null) {
                    refuse(input.requestId(), refusal);
                } else if (!transfers.holdBack(input)) {
                    append(input);
                }
            }
        }
    }

    private @Nullable Refusal refusal(LeaderState leader, Input.Append input) {
        if (!quorumContact.isFresh(leader)) {
            return Refusal.NO_QUORUM;
        }
        if (input.w() instanceof WriteConcern.Count wanted
                && wanted.members() > state.membership().dataBearingCount()) {
            return Refusal.WRITE_CONCERN;
        }
        long bytes = input.request().frameBytes();
        boolean tooMuch = state.log.uncommittedBytes() > 0
                && state.log.uncommittedBytes() + bytes > state.limits().uncommittedBytes();
        return tooMuch || waiters.count() >= state.limits().waiting() ? Refusal.OVERLOADED : null;
    }

    private void append(Input.Append input) {
        EncodedRequest request = input.request();
        boolean messages = request.type() == EntryType.MESSAGES;
        LogEntry entry = EntryCodec.frame(state.header(request.count(), messages ? request.count() : 0), request);
        state.append(entry);
        waiters.add(new Waiter(
                input.requestId(),
                new Waiter.Entry(
                        entry.lastIndex(),
                        entry.term(),
                        messages ? entry.firstId() : 0,
                        messages ? entry.lastId() : 0,
                        !messages),
                input.w(),
                input.deadline(),
                false,
                false,
                null));
    }

    private void awaitRepeat(Input.Append input, SessionTable.Appended first) {
        if (waiters.count() >= state.limits().waiting()) {
            refuse(input.requestId(), Refusal.OVERLOADED);
            return;
        }
        waiters.add(new Waiter(
                input.requestId(),
                new Waiter.Entry(
                        first.index(),
                        first.term(),
                        first.firstId(),
                        first.lastId(),
                        input.request().type() == EntryType.COMMAND),
                input.w(),
                input.deadline(),
                true,
                false,
                first.result()));
    }

    void onAwaitAcks(Input.AwaitAcks input) {
        if (!state.leads()) {
            refuse(input.requestId(), Refusal.NOT_LEADER);
        } else if (input.index() < 1 || input.index() > state.log.lastIndex()) {
            refuse(input.requestId(), Refusal.UNKNOWN_INDEX);
        } else if (waiters.count() >= state.limits().waiting()) {
            refuse(input.requestId(), Refusal.OVERLOADED);
        } else {
            waiters.add(new Waiter(
                    input.requestId(),
                    new Waiter.Entry(input.index(), state.log.termAt(input.index()), 0, 0, false),
                    WriteConcern.ALL,
                    input.deadline(),
                    false,
                    true,
                    null));
        }
    }

    /** Takes the writes that were held back during a hand-over that came to nothing. */
    void release(List<Input.Append> held) {
        held.forEach(this::onAppend);
    }

    private void refuse(long requestId, Refusal reason) {
        state.respond(requestId, new Outcome.Refused(reason));
    }
}
