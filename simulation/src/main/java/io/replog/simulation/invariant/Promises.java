package io.replog.simulation.invariant;

import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Refusal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What clients were told: {@code not-stored} leaves no trace, an acknowledgement is true, nothing is done twice. */
final class Promises {
    private static final String NOT_STORED = "not stored";
    private static final String KEYS = "request keys";

    private final Function<LogEntry, @Nullable Operation> operationOf;
    private final Disks disks;
    private final CommittedLog committed;
    private final Map<EntryId, LogEntry> entries = new HashMap<>();
    private final Map<EntryId, Operation> origins = new HashMap<>();
    private final Map<Operation, Integer> timesCommitted = new HashMap<>();

    /** Who went into a log under a key. */
    private final Map<String, Set<Operation>> underKey = new HashMap<>();

    /** The highest sequence number of each client that went into a log. */
    private final Map<String, Long> sequences = new HashMap<>();

    /** Entries of which it was said that they answer the request that brought them, and no repeat. */
    private final Set<EntryId> answered = new HashSet<>();

    Promises(Function<LogEntry, @Nullable Operation> operationOf, Disks disks, CommittedLog committed) {
        this.operationOf = operationOf;
        this.disks = disks;
        this.committed = committed;
    }

    /** An entry comes into a node's log: it is the same as in every other log, and its writer did not give it up. */
    void appended(Holder holder, LogEntry entry) {
        EntryId id = EntryId.of(entry);
        LogEntry first = entries.get(id);
        if (first == null || (first.isOmitted() && !entry.isOmitted())) {
            entries.put(id, entry);
            if (!entry.type().isControl() && !entry.isOmitted()) {
                origins.put(id, origin(holder, entry));
            }
        }
        Require.that(
                first == null || ShadowLog.same(first, entry),
                "log matching",
                () -> holder + " appends " + entry + ", other nodes have " + first);
        Operation operation = origins.get(id);
        if (operation != null) {
            operation.markAppended();
            Require.that(
                    operation.possible() > 0, NOT_STORED, () -> operation + " was refused, is appended as " + entry);
        }
    }

    /** A replica has appended an entry: from now on it may know the key. */
    void goesUnderItsKey(LogEntry entry) {
        RequestKey key = entry.isOmitted() ? RequestKey.NONE : EntryCodec.requestKey(entry);
        Operation operation = key instanceof RequestKey.None ? null : operationOf.apply(entry);
        if (operation != null) {
            underKey.computeIfAbsent(nameOf(key), _ -> new HashSet<>()).add(operation);
            if (key instanceof RequestKey.ClientSequence client) {
                sequences.merge(client.clientId(), client.sequence(), Math::max);
            }
        }
    }

    /** Without the fingerprint. */
    private static String nameOf(RequestKey key) {
        return switch (key) {
            case RequestKey.None _ -> "";
            case RequestKey.Idempotency idempotency -> idempotency.key();
            case RequestKey.ClientSequence client -> client.clientId() + " " + client.sequence();
        };
    }

    private Operation origin(Holder holder, LogEntry entry) {
        Operation operation = operationOf.apply(entry);
        if (operation == null) {
            throw new InvariantViolation("from nowhere", holder + " appends " + entry + ", which nobody wrote");
        }
        return operation;
    }

    void committed(LogEntry entry) {
        Operation operation = origins.get(EntryId.of(entry));
        if (operation != null) {
            int times = timesCommitted.merge(operation, 1, Integer::sum);
            Require.that(
                    times <= operation.possible(),
                    "at most once",
                    () -> operation + " is committed " + times + " times, now as " + entry);
        }
    }

    void refused(Operation operation, long attempt, @Nullable Refusal reason) {
        RequestKey key = operation.key();
        if (reason == Refusal.KEY_REUSED) {
            Require.that(
                    underKey.getOrDefault(nameOf(key), Set.of()).stream().anyMatch(other -> !other.equals(operation)),
                    KEYS,
                    () -> operation + " was refused for its key, which no other request had");
        } else if (reason == Refusal.SEQUENCE_TOO_OLD) {
            Require.that(
                    key instanceof RequestKey.ClientSequence client
                            && sequences.getOrDefault(client.clientId(), 0L) > client.sequence(),
                    KEYS,
                    () -> operation + " was refused for its sequence number, the client's highest is " + sequences);
        }
        operation.stands(attempt, Operation.Standing.REFUSED);
        Require.that(
                !operation.isAppended() || operation.possible() > 0,
                NOT_STORED,
                () -> operation + " was refused and stands in a log");
    }

    void acknowledged(NodeId node, Operation operation, long attempt, Outcome.Acknowledged outcome) {
        operation.stands(attempt, Operation.Standing.ACKNOWLEDGED);
        Outcome.Placement placement = outcome.placement();
        EntryId id = new EntryId(placement.term(), placement.index());
        LogEntry entry = entries.get(id);
        if (entry == null || !operation.equals(origins.get(id))) {
            throw new InvariantViolation(
                    "acknowledged where it stands",
                    operation + " was acknowledged as " + placement + ", there stands " + entry);
        }
        boolean messages = entry.type() == EntryType.MESSAGES;
        Require.that(
                placement.firstId() == (messages ? entry.firstId() : 0)
                        && placement.lastId() == (messages ? entry.lastId() : 0),
                "acknowledged where it stands",
                () -> operation + " was acknowledged as " + placement + ", it is " + entry);
        Require.that(
                outcome.replayed() || answered.add(id),
                KEYS,
                () -> operation + " was acknowledged twice as the first of its requests: " + placement);
        checkHolders(operation, placement, entry);
        Require.that(
                isMet(operation.w(), outcome),
                "write concern",
                () -> operation + " asked for w=" + operation.w() + ", was acknowledged as " + placement + " with w="
                        + outcome.w());
        LogEntry there = committed.at(placement.index());
        Require.that(
                !placement.committed() || (there != null && ShadowLog.same(there, entry)),
                "acknowledged is committed",
                () -> operation + " was acknowledged as " + placement + " by " + node + ", committed there is "
                        + there);
        KvResult expected = committed.store().resultAt(placement.index());
        Require.that(
                outcome.kv() == null
                        || outcome.kv() instanceof KvResult.Forgotten
                        || outcome.kv().equals(expected),
                "result",
                () -> operation + " got " + outcome.kv() + ", should have " + expected);
    }

    private static boolean isMet(WriteConcern w, Outcome.Acknowledged outcome) {
        Outcome.Placement placement = outcome.placement();
        long acks = placement.acks().stream().distinct().count();
        return switch (w) {
            case WriteConcern.Majority _ -> placement.committed();
            case WriteConcern.Count count -> outcome.w() == count.members() && acks >= count.members();
            case WriteConcern.All _ -> placement.missing().isEmpty() && acks >= outcome.w() && acks > 0;
        };
    }

    /** Every member that an answer names holds, or once held, the entry durably. */
    void checkHolders(Object operation, Outcome.Placement placement, LogEntry entry) {
        for (NodeId ack : placement.acks()) {
            Require.that(
                    disks.everHeldData(ack, entry),
                    "acknowledged is durable",
                    () -> operation + " was answered with " + placement + ", but was never durable at " + ack);
        }
    }

    @Nullable LogEntry entry(long term, long lastIndex) {
        return entries.get(new EntryId(term, lastIndex));
    }
}
