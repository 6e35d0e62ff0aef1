package io.replog.core.session;

import io.replog.core.kv.KvResult;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.RequestKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a repeat of a write recognisable and gives it the first answer. It covers the whole log, committed or not:
 * the leader looks requests up when it appends them, and an entry that is not in its log will never be committed behind
 * one that is, so a lookup at append time is exact. Truncation takes entries out again. Not thread-safe.
 *
 * <p>It has two parts. Entries that are appended but not yet applied are <em>pending</em>: they hide what is applied under
 * the same key without displacing it, so a truncation restores what was before by forgetting them. When an
 * entry is applied it displaces for good what its key had, and then the oldest beyond the bounds expire:
 *
 * <ul>
 *   <li>of idempotency keys and, separately, of clients the newest {@code capacity} are kept;
 *   <li>of the results of commands, {@value #MAX_RESULT_BYTES} bytes are kept for each of the two; beyond that the oldest
 *       forget their values ({@link KvResult.Forgotten}), but not that the command was applied.
 * </ul>
 *
 * <p>So the applied part is a function of the applied log alone, the same on every member, however it came there: by
 * itself or by way of a snapshot. No clock expires anything. A client takes at most 200 bytes without its last value.
 */
public final class SessionTable {
    /** Bytes of values in results that are kept for idempotency keys and, separately, for clients. */
    public static final long MAX_RESULT_BYTES = 32 << 20;

    private final AppliedTable keys;
    private final AppliedTable clients;
    private final SlotTable pendingKeys = new SlotTable();
    private final SlotTable pendingClients = new SlotTable();

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

    /** What is known of a request. */
    public sealed interface Lookup {
        /** Nothing: it may be appended. */
        record New() implements Lookup {}

        /** It was appended before; without a result it may still be on its way, see {@link Appended}. */
        record Repeat(Appended first) implements Lookup {}

        /** Another request was appended under this key. */
        record KeyReused() implements Lookup {}

        /** The client has appended a request with a higher sequence number. */
        record SequenceTooOld(long lastSequence) implements Lookup {}
    }

    /**
     * @param capacity idempotency keys and, separately, clients that are kept, at least 1
     * @param snapshot what is applied
     */
    public SessionTable(int capacity, Snapshot snapshot) {
        this(capacity, MAX_RESULT_BYTES, snapshot);
    }

    SessionTable(int capacity, long maxResultBytes, Snapshot snapshot) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        keys = restore(new AppliedTable(capacity, maxResultBytes), snapshot.idempotencyKeys());
        clients = restore(new AppliedTable(capacity, maxResultBytes), snapshot.clients());
    }

    private static AppliedTable restore(AppliedTable table, List<Appended> content) {
        for (Appended appended : content) {
            Slot slot = new Slot(
                    appended.key(),
                    appended.index(),
                    appended.term(),
                    appended.firstId(),
                    appended.lastId(),
                    appended.result());
            table.add(slot, null);
        }
        return table;
    }

    public Lookup lookup(RequestKey key) {
        return switch (key) {
            case RequestKey.None _ -> new Lookup.New();
            case RequestKey.Idempotency idempotency -> {
                Slot slot = find(pendingKeys, keys, idempotency.key());
                yield slot == null ? new Lookup.New() : repeat(slot, idempotency.fingerprint());
            }
            case RequestKey.ClientSequence client -> {
                Slot slot = find(pendingClients, clients, client.clientId());
                if (slot == null || client.sequence() > slot.sequence()) {
                    yield new Lookup.New();
                }
                yield client.sequence() < slot.sequence()
                        ? new Lookup.SequenceTooOld(slot.sequence())
                        : repeat(slot, client.fingerprint());
            }
        };
    }

    /** The log now ends with {@code entry}; one without a request key changes nothing. */
    public void append(LogEntry entry) {
        RequestKey key = EntryCodec.requestKey(entry);
        if (key instanceof RequestKey.None) {
            return;
        }
        boolean hasIds = entry.type() == EntryType.MESSAGES;
        Slot slot = new Slot(
                key, entry.lastIndex(), entry.term(), hasIds ? entry.firstId() : 0, hasIds ? entry.lastId() : 0, null);
        SlotTable pending = key instanceof RequestKey.Idempotency ? pendingKeys : pendingClients;
        Slot newest = pending.newest();
        if (newest != null && newest.index >= slot.index) {
            throw new IllegalStateException(entry + " after an entry at " + newest.index);
        }
        pending.add(slot);
    }

    /** {@code index} and all after it are gone from the log; nothing of that was applied. */
    public void truncateFrom(long index) {
        truncateFrom(pendingKeys, index);
        truncateFrom(pendingClients, index);
    }

    /**
     * The log is applied up to {@code index}.
     *
     * @param index  last index of an entry
     * @param result what the command at {@code index} gave, null where there is no command
     */
    public void applied(long index, @Nullable KvResult result) {
        applied(pendingKeys, keys, index, result);
        applied(pendingClients, clients, index, result);
    }

    /** What is applied; takes time that grows with the number of keys alone, about a millisecond for 100,000. */
    public Snapshot snapshot() {
        return new Snapshot(keys.freeze(), clients.freeze());
    }

    private static @Nullable Slot find(SlotTable pending, AppliedTable applied, String id) {
        Slot slot = pending.find(id);
        return slot == null ? applied.find(id) : slot;
    }

    private static Lookup repeat(Slot slot, long fingerprint) {
        return slot.fingerprint() == fingerprint
                ? new Lookup.Repeat(slot.toAppended(slot.encodedResult()))
                : new Lookup.KeyReused();
    }

    private static void truncateFrom(SlotTable pending, long index) {
        for (Slot slot = pending.newest(); slot != null && slot.index >= index; slot = pending.newest()) {
            pending.remove(slot);
        }
    }

    private static void applied(SlotTable pending, AppliedTable table, long index, @Nullable KvResult result) {
        for (Slot slot = pending.oldest(); slot != null && slot.index <= index; slot = pending.oldest()) {
            pending.remove(slot);
            if (slot.index == index) {
                slot.setResult(result);
            }
            table.add(slot, table.find(slot.id()));
        }
    }
}
