package io.replog.core.statemachine;

import io.replog.core.bytes.BytesIn;
import io.replog.core.kv.KvMap;
import io.replog.core.kv.KvResult;
import io.replog.core.kv.KvResultCodec;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.MembershipCodec;
import io.replog.core.session.SessionTable;
import io.replog.core.session.SessionTable.Appended;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Puts one snapshot together from its records. */
final class SnapshotDecoder {
    private final Iterator<byte[]> records;
    private final KvMap.Builder kv = new KvMap.Builder();
    private final List<Appended> keys = new ArrayList<>();
    private final List<Appended> clients = new ArrayList<>();
    private int number;
    private int kvCount;

    SnapshotDecoder(Iterator<byte[]> records) {
        this.records = records;
    }

    StateSnapshot decode() {
        BytesIn in = next();
        int first = in.u8();
        int format = in.u8();
        if (first != SnapshotCodec.BEGINNING || format != SnapshotCodec.FORMAT) {
            throw in.fail("begins with a record of kind " + first + ", format " + format);
        }
        long index = in.i64();
        long term = in.i64();
        long lastId = in.i64();
        long view = in.i64();
        Membership membership = MembershipCodec.read(in);
        in.end();
        readContent();
        return new StateSnapshot(
                index, term, lastId, view, membership, kv.build(), new SessionTable.Snapshot(keys, clients));
    }

    private void readContent() {
        try {
            while (true) {
                BytesIn in = next();
                int kind = in.u8();
                switch (kind) {
                    case SnapshotCodec.KV_ENTRIES -> readKvEntries(in);
                    case SnapshotCodec.IDEMPOTENCY_KEYS -> readSessions(in, keys, false);
                    case SnapshotCodec.CLIENTS -> readSessions(in, clients, true);
                    case SnapshotCodec.END -> {
                        readEnd(in);
                        return;
                    }
                    default -> throw in.fail("unknown kind of record " + kind);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new DamagedSnapshotException(String.valueOf(e.getMessage()));
        }
    }

    private BytesIn next() {
        if (!records.hasNext()) {
            throw new DamagedSnapshotException("ends before its end, after " + number + " records");
        }
        BytesIn in = SnapshotCodec.open(records.next());
        int found = in.i32();
        if (found != number) {
            throw in.fail("record " + found + " where " + number + " is due");
        }
        number++;
        return in;
    }

    private void readKvEntries(BytesIn in) {
        while (in.remaining() > 0) {
            kv.addRecord(in.raw(in.i32()));
            kvCount++;
        }
    }

    private static void readSessions(BytesIn in, List<Appended> target, boolean ofClients) {
        while (in.remaining() > 0) {
            String id = in.shortAscii();
            RequestKey key = ofClients
                    ? new RequestKey.ClientSequence(id, in.i64(), in.i64())
                    : new RequestKey.Idempotency(id, in.i64());
            long index = in.i64();
            long term = in.i64();
            long firstId = in.i64();
            long lastId = in.i64();
            KvResult result = in.u8() == 0 ? null : KvResultCodec.read(in, index);
            target.add(new Appended(key, index, term, firstId, lastId, result));
        }
    }

    private void readEnd(BytesIn in) {
        int expectedKv = in.i32();
        int expectedKeys = in.i32();
        int expectedClients = in.i32();
        in.end();
        if (expectedKv != kvCount || expectedKeys != keys.size() || expectedClients != clients.size()) {
            throw in.fail("%d entries, %d keys, %d clients where %d, %d, %d are due"
                    .formatted(kvCount, keys.size(), clients.size(), expectedKv, expectedKeys, expectedClients));
        }
    }
}
