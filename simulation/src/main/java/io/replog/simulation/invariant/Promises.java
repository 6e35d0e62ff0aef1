package io.replog.simulation.invariant;

import io.replog.core.kv.KvResult;
import io.replog.core.log.LogEntry;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import io.replog.core.replica.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What clients were told: {@code not-stored} leaves no trace, an acknowledgement is true, nothing is done twice. */
final class Promises {
    private static final String NOT_STORED = "not stored";

    private final Function<LogEntry, @Nullable Operation> operationOf;
    private final Disks disks;
    private final CommittedLog committed;
    private final Map<EntryId, LogEntry> entries = new HashMap<>();
    private final Map<EntryId, Operation> origins = new HashMap<>();
    private final Map<Operation, Integer> timesCommitted = new HashMap<>();

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

    void refused(Operation operation, long attempt) {
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
        checkHolders(operation, placement, entry);
        Require.that(
                operation.w() instanceof WriteConcern.Majority
                        ? placement.committed()
                        : placement.acks().stream().distinct().count() >= outcome.w(),
                "write concern",
                () -> operation + " was acknowledged as " + placement + " with w=" + outcome.w());
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
