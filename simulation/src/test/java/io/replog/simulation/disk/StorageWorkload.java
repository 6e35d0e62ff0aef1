package io.replog.simulation.disk;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvMap;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.HardState;
import io.replog.core.session.SessionTable;
import io.replog.core.statemachine.StateSnapshot;
import io.replog.storage.DataDirectory;
import io.replog.storage.Disk;
import io.replog.storage.DiskFullException;
import io.replog.storage.StorageOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Does to a data directory what a node may do, by chance, and keeps the model of it. */
final class StorageWorkload {
    static final NodeId NODE = new NodeId("secondary-1");
    /** So small that a few entries roll, preallocate, index and read again. */
    static final StorageOptions TINY = new StorageOptions(3000, 1024, 2048, 300, 1024);

    private final RandomGenerator random;
    private final StorageModel model;
    private long term = 1;

    StorageWorkload(long seed, StorageModel model) {
        this.random = new SplittableRandom(seed);
        this.model = model;
    }

    static DataDirectory open(Disk disk) {
        return DataDirectory.open(disk, NODE, TINY, () -> 77);
    }

    /** Works until it is done, or the power fails. */
    void run(DataDirectory directory, int steps) throws IOException {
        for (int step = 0; step < steps; step++) {
            step(directory);
        }
    }

    private void step(DataDirectory directory) throws IOException {
        switch (random.nextInt(20)) {
            case 0 -> truncate(directory);
            case 1, 2 -> saveHardState(directory);
            case 3 -> saveSnapshot(directory);
            case 4, 5, 6 -> directory.log().maintain();
            case 7, 8, 9, 10, 11 -> force(directory);
            default -> append(directory);
        }
    }

    void append(DataDirectory directory) throws IOException {
        List<LogEntry> entries = new ArrayList<>();
        long lastIndex = model.lastIndex();
        long lastId = model.lastId();
        int count = 1 + random.nextInt(4);
        for (int number = 0; number < count; number++) {
            LogEntry entry = entry(lastIndex, lastId);
            entries.add(entry);
            lastIndex = entry.lastIndex();
            lastId = entry.lastId();
        }
        long reserved = 0;
        if (random.nextBoolean()) {
            reserved = reserve(directory, entries);
        }
        model.appending(entries);
        directory.log().append(entries, reserved);
    }

    /** All or nothing, as a request thread does it for one. */
    private static long reserve(DataDirectory directory, List<LogEntry> entries) throws IOException {
        List<LogEntry> reserved = new ArrayList<>();
        try {
            for (LogEntry entry : entries) {
                directory.log().reserve(entry.length());
                reserved.add(entry);
            }
        } catch (DiskFullException e) {
            reserved.forEach(entry -> directory.log().release(entry.length()));
            throw e;
        }
        return LogEntry.totalLength(reserved);
    }

    void force(DataDirectory directory) throws IOException {
        directory.log().force();
        model.forced();
        if (random.nextBoolean()) {
            directory.log().settle();
        }
    }

    private void truncate(DataDirectory directory) throws IOException {
        if (model.durable().isEmpty()) {
            return;
        }
        // What a snapshot covers is committed, and is never cut.
        long committed = directory.recovered().snapshot().index();
        LogEntry first = model.durable().get(random.nextInt(model.durable().size()));
        if (first.firstIndex() <= Math.max(committed, model.snapshotIndex())) {
            return;
        }
        term++;
        model.cutting(first.firstIndex());
        directory.log().truncateFrom(first.firstIndex());
        model.cut();
    }

    private void saveHardState(DataDirectory directory) throws IOException {
        term++;
        HardState state = new HardState(
                new ClusterId(1, 2),
                directory.recovered().hardState().incarnation(),
                term,
                random.nextBoolean() ? NODE : null);
        model.saving(state);
        directory.hardState().save(state);
        model.saved();
    }

    private void saveSnapshot(DataDirectory directory) throws IOException {
        long index = model.durableIndex();
        if (index <= model.snapshotIndex()) {
            return;
        }
        KvMap kv = KvMap.EMPTY.with(new KvMap.Entry("key", "value".repeat(random.nextInt(300)), index));
        model.savingSnapshot(index);
        directory
                .snapshots()
                .save(new StateSnapshot(index, term, 0, 1, Membership.EMPTY, kv, SessionTable.Snapshot.EMPTY));
        model.savedSnapshot();
    }

    private LogEntry entry(long lastIndex, long lastId) {
        int size = random.nextInt(15) == 0 ? random.nextInt(5000) : random.nextInt(300);
        return switch (random.nextInt(10)) {
            case 0 -> EntryCodec.frameControl(header(lastIndex, 1, lastId), new Payload.NoOp(term));
            case 1, 2 ->
                EntryCodec.frame(
                        header(lastIndex, 1, lastId),
                        EntryCodec.encode(
                                RequestKey.NONE,
                                new Payload.Command(new KvCommand(
                                        KvCommand.Operation.PUT, "key", "v".repeat(size), KvCommand.Condition.NONE))));
            default -> {
                int count = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
                List<byte[]> texts = new ArrayList<>();
                for (int number = 0; number < count; number++) {
                    byte[] text = new byte[size / count];
                    for (int at = 0; at < text.length; at++) {
                        text[at] = (byte) ('a' + random.nextInt(26));
                    }
                    texts.add(text);
                }
                yield EntryCodec.frame(
                        header(lastIndex, count, lastId + count),
                        EntryCodec.encode(RequestKey.NONE, new Payload.Messages(texts)));
            }
        };
    }

    private EntryHeader header(long lastIndex, int count, long lastId) {
        return new EntryHeader(lastIndex + 1, count, term, 1_700_000_000_000L, lastId, 0);
    }
}
