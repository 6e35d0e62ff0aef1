package io.replog.core.statemachine;

import io.replog.core.bytes.BytesOut;
import io.replog.core.kv.KvResultCodec;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.MembershipCodec;
import io.replog.core.session.SessionTable.Appended;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The records of one snapshot, one after another. */
final class SnapshotEncoder implements Iterator<byte[]> {
    private static final int RECORD_BYTES = 64 << 10;

    private final StateSnapshot snapshot;
    private final Iterator<byte[]> kv;
    private final Iterator<Appended> keys;
    private final Iterator<Appended> clients;
    private int number;
    private boolean ended;

    SnapshotEncoder(StateSnapshot snapshot) {
        this.snapshot = snapshot;
        this.kv = snapshot.kv().records();
        this.keys = snapshot.sessions().idempotencyKeys().iterator();
        this.clients = snapshot.sessions().clients().iterator();
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    @Override
    public byte[] next() {
        if (ended) {
            throw new NoSuchElementException();
        }
        if (number == 0) {
            return beginning();
        }
        if (kv.hasNext()) {
            return kvEntries();
        }
        if (keys.hasNext()) {
            return sessions(SnapshotCodec.IDEMPOTENCY_KEYS, keys);
        }
        return clients.hasNext() ? sessions(SnapshotCodec.CLIENTS, clients) : end();
    }

    private BytesOut begin(int kind) {
        return SnapshotCodec.begin(kind == SnapshotCodec.END ? 64 : RECORD_BYTES + (RECORD_BYTES >> 3), number++, kind);
    }

    private byte[] beginning() {
        BytesOut out = begin(SnapshotCodec.BEGINNING);
        out.u8(SnapshotCodec.FORMAT);
        out.i64(snapshot.index());
        out.i64(snapshot.term());
        out.i64(snapshot.lastId());
        out.i64(snapshot.view());
        MembershipCodec.write(out, snapshot.membership());
        return SnapshotCodec.seal(out);
    }

    private byte[] kvEntries() {
        BytesOut out = begin(SnapshotCodec.KV_ENTRIES);
        while (kv.hasNext() && out.size() < RECORD_BYTES) {
            byte[] record = kv.next();
            out.i32(record.length);
            out.raw(record);
        }
        return SnapshotCodec.seal(out);
    }

    private byte[] sessions(int kind, Iterator<Appended> source) {
        BytesOut out = begin(kind);
        while (source.hasNext() && out.size() < RECORD_BYTES) {
            write(out, source.next());
        }
        return SnapshotCodec.seal(out);
    }

    private static void write(BytesOut out, Appended appended) {
        switch (appended.key()) {
            case RequestKey.Idempotency key -> {
                out.shortAscii(key.key());
                out.i64(key.fingerprint());
            }
            case RequestKey.ClientSequence client -> {
                out.shortAscii(client.clientId());
                out.i64(client.sequence());
                out.i64(client.fingerprint());
            }
            case RequestKey.None _ -> throw new IllegalArgumentException("remembered without a key: " + appended);
        }
        out.i64(appended.index());
        out.i64(appended.term());
        out.i64(appended.firstId());
        out.i64(appended.lastId());
        if (appended.result() == null) {
            out.u8(0);
        } else {
            out.u8(1);
            KvResultCodec.write(out, appended.result());
        }
    }

    private byte[] end() {
        ended = true;
        BytesOut out = begin(SnapshotCodec.END);
        out.i32(snapshot.kv().size());
        out.i32(snapshot.sessions().idempotencyKeys().size());
        out.i32(snapshot.sessions().clients().size());
        return SnapshotCodec.seal(out);
    }
}
