package io.replog.api.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a write is to be done.
 *
 * @param w              write concern: {@code 1}…N, {@code majority} or {@code all}; null for the node's default
 * @param timeout        how long to try; null for the client's
 * @param idempotencyKey 1–255 visible characters; null for a fresh one. With the same key and body a write takes effect
 *                       once, however often it is sent
 * @param ifIndex        the key's last change must be at this index; null for no condition
 * @param ifAbsent       the key must be absent
 */
public record WriteOptions(
        @Nullable String w,
        @Nullable Duration timeout,
        @Nullable String idempotencyKey,
        @Nullable Long ifIndex,
        boolean ifAbsent) {
    public static final WriteOptions DEFAULT = new WriteOptions(null, null, null, null, false);

    public WriteOptions withW(@Nullable String newW) {
        return new WriteOptions(newW, timeout, idempotencyKey, ifIndex, ifAbsent);
    }

    public WriteOptions withTimeout(@Nullable Duration newTimeout) {
        return new WriteOptions(w, newTimeout, idempotencyKey, ifIndex, ifAbsent);
    }

    public WriteOptions withIdempotencyKey(@Nullable String newKey) {
        return new WriteOptions(w, timeout, newKey, ifIndex, ifAbsent);
    }

    public WriteOptions withIfIndex(@Nullable Long newIfIndex) {
        return new WriteOptions(w, timeout, idempotencyKey, newIfIndex, ifAbsent);
    }

    public WriteOptions withIfAbsent(boolean newIfAbsent) {
        return new WriteOptions(w, timeout, idempotencyKey, ifIndex, newIfAbsent);
    }
}
