package io.replog.core.session;

import io.replog.core.bytes.BytesIn;
import io.replog.core.bytes.BytesOut;
import io.replog.core.kv.KvResult;
import io.replog.core.kv.KvResultCodec;
import io.replog.core.log.RequestKey;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One remembered request, laid out for memory: 80 bytes beside its id and its result. It is itself the link of its
 * {@link SlotTable}'s buckets and order. Everything but the links and the result is fixed, so that a snapshot can read it
 * on another thread.
 */
final class Slot {
    /** What stands in for a result whose values are kept no more. */
    private static final byte[] FORGOTTEN = encoded(new KvResult.Forgotten(0));

    private final byte[] id;
    /** 0 for an idempotency key. */
    private final long sequence;

    private final long fingerprint;
    final long index;
    private final long term;
    private final long firstId;
    /** Number of ids; 0 for a command. */
    private final int idCount;

    private byte @Nullable [] result;

    final int hash;

    @Nullable Slot nextInBucket;

    @Nullable Slot older;

    @Nullable Slot newer;

    Slot(RequestKey key, long index, long term, long firstId, long lastId, @Nullable KvResult result) {
        String text =
                switch (key) {
                    case RequestKey.Idempotency idempotency -> {
                        sequence = 0;
                        fingerprint = idempotency.fingerprint();
                        yield idempotency.key();
                    }
                    case RequestKey.ClientSequence client -> {
                        sequence = client.sequence();
                        fingerprint = client.fingerprint();
                        yield client.clientId();
                    }
                    case RequestKey.None _ -> throw new IllegalArgumentException("a request without a key");
                };
        this.id = text.getBytes(StandardCharsets.ISO_8859_1);
        this.hash = hash(text);
        this.index = index;
        this.term = term;
        this.firstId = firstId;
        this.idCount = firstId == 0 ? 0 : Math.toIntExact(lastId - firstId + 1);
        this.result = result == null ? null : encoded(result);
    }

    static int hash(String id) {
        int h = id.hashCode();
        return h ^ h >>> 16;
    }

    boolean hasId(String text) {
        if (text.length() != id.length) {
            return false;
        }
        for (int i = 0; i < id.length; i++) {
            if (id[i] != (byte) text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String id() {
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    long sequence() {
        return sequence;
    }

    long fingerprint() {
        return fingerprint;
    }

    void setResult(@Nullable KvResult given) {
        result = given == null ? null : encoded(given);
    }

    void forgetResult() {
        result = FORGOTTEN;
    }

    byte @Nullable [] encodedResult() {
        return result;
    }

    /** Bytes of the result that forgetting it would free. */
    int retainedBytes() {
        return result == null || result == FORGOTTEN ? 0 : result.length;
    }

    /** @param resultThen {@link #encodedResult()} at the time that is wanted */
    SessionTable.Appended toAppended(byte @Nullable [] resultThen) {
        RequestKey key = sequence == 0
                ? new RequestKey.Idempotency(id(), fingerprint)
                : new RequestKey.ClientSequence(id(), sequence, fingerprint);
        long lastId = idCount == 0 ? 0 : firstId + idCount - 1;
        return new SessionTable.Appended(key, index, term, firstId, lastId, decoded(resultThen));
    }

    private @Nullable KvResult decoded(byte @Nullable [] bytes) {
        return bytes == null
                ? null
                : KvResultCodec.read(new BytesIn(bytes, 0, bytes.length, IllegalStateException::new), index);
    }

    private static byte[] encoded(KvResult result) {
        BytesOut out = new BytesOut(16);
        KvResultCodec.write(out, result);
        return out.toBytes();
    }
}
