package io.replog.simulation.invariant;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.Membership;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What any node ever knew to be committed: it must never change any more. */
final class CommittedLog {
    private final ShadowLog log = new ShadowLog();
    private final ReferenceStore store = new ReferenceStore();
    private final int rememberedKeys;
    /** For each key which one in the log's order of keys it was last. */
    private final Map<String, Long> idempotencyKeys = new HashMap<>();

    private long keyed;
    private final Map<String, Long> clients = new HashMap<>();

    /** First index → the term in which the entries from there on were first seen to be committed. */
    private final TreeMap<Long, Long> committedIn = new TreeMap<>();

    private Membership membership = Membership.EMPTY;
    private long view;

    /** @param rememberedKeys how many keys a repeat is recognised by */
    CommittedLog(int rememberedKeys) {
        this.rememberedKeys = rememberedKeys;
    }

    long lastIndex() {
        return log.lastIndex();
    }

    ReferenceStore store() {
        return store;
    }

    /** The newest committed one. */
    Membership membership() {
        return membership;
    }

    @Nullable LogEntry at(long index) {
        return log.at(index);
    }

    ShadowLog log() {
        return log;
    }

    /** Takes note of, or compares, an entry that {@code holder} knows to be committed in {@code term}. */
    void committed(Holder holder, LogEntry entry, long term) {
        LogEntry known = log.at(entry.lastIndex());
        if (known != null) {
            if (!ShadowLog.same(known, entry)) {
                throw new InvariantViolation(
                        "committed prefixes are equal",
                        holder + " has committed " + entry + " where " + known + " was committed before");
            }
            return;
        }
        if (entry.isOmitted()) {
            throw new InvariantViolation("commit", holder + " knows of the commit of " + entry + " before any leader");
        }
        log.append(entry);
        committedIn.put(entry.firstIndex(), term);
        checkOnce(entry);
        store.apply(entry);
        switch (EntryCodec.payload(entry)) {
            case Payload.NoOp noOp -> checkView(entry, noOp.view());
            case Payload.MembershipChange change -> {
                checkView(entry, change.view());
                membership = change.membership();
            }
            case Payload.Messages _, Payload.Command _, Payload.Omitted _ -> {}
        }
    }

    private void checkView(LogEntry entry, long number) {
        Require.that(
                number == view + 1,
                "the view grows by one",
                () -> entry + " begins view " + number + " after view " + view);
        view = number;
    }

    private void checkOnce(LogEntry entry) {
        switch (EntryCodec.requestKey(entry)) {
            case RequestKey.None _ -> {}
            case RequestKey.Idempotency key -> {
                long number = keyed++;
                Long before = idempotencyKeys.put(key.key(), number);
                if (before != null && number - before <= rememberedKeys) {
                    throw new InvariantViolation(
                            "at most once", "key " + key.key() + " was committed twice, again as " + entry);
                }
            }
            case RequestKey.ClientSequence sequence -> {
                Long before = clients.put(sequence.clientId(), sequence.sequence());
                if (before != null && before >= sequence.sequence() && clients.size() < rememberedKeys) {
                    throw new InvariantViolation(
                            "at most once", sequence + " was committed behind sequence " + before + " as " + entry);
                }
            }
        }
    }

    /** Checks that a node that begins to lead in {@code term} has all that was committed in earlier terms. */
    void checkComplete(Holder leader, long term) {
        for (LogEntry entry : log.all()) {
            Map.Entry<Long, Long> since = committedIn.floorEntry(entry.firstIndex());
            if (since == null || since.getValue() >= term) {
                continue;
            }
            LogEntry here = leader.log.at(entry.lastIndex());
            if (here == null || !ShadowLog.same(here, entry)) {
                throw new InvariantViolation(
                        "leader completeness",
                        leader + " leads term " + term + " without " + entry + ", committed in term " + since.getValue()
                                + "; it has " + here);
            }
        }
    }
}
