package io.replog.api.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a write is to be done. Immutable: each {@code with…} gives another one.
 *
 * @param w        write concern: {@code 1}…N, {@code majority} or {@code all}; null for the node's default
 * @param timeout  how long to try; null for the client's
 * @param key      by what a repeat of the write is recognised; null for a fresh key. With the same key and content a
 *                 write takes effect once, however often it is sent
 * @param ifIndex  the key's last change must be at this index; null for no condition
 * @param ifAbsent the key must be absent
 */
public record WriteOptions(
        @Nullable String w,
        @Nullable Duration timeout,
        @Nullable RequestKey key,
        @Nullable Long ifIndex,
        boolean ifAbsent) {
    /** The node's write concern, the client's timeout, a fresh key, no condition. */
    public static final WriteOptions DEFAULT = new WriteOptions(null, null, null, null, false);

    public WriteOptions withW(@Nullable String newW) {
        return new WriteOptions(newW, timeout, key, ifIndex, ifAbsent);
    }

    public WriteOptions withTimeout(@Nullable Duration newTimeout) {
        return new WriteOptions(w, newTimeout, key, ifIndex, ifAbsent);
    }

    public WriteOptions withKey(@Nullable RequestKey newKey) {
        return new WriteOptions(w, timeout, newKey, ifIndex, ifAbsent);
    }

    /** @throws IllegalArgumentException unless it is 1–255 visible ASCII characters, or null */
    public WriteOptions withIdempotencyKey(@Nullable String newKey) {
        return withKey(newKey == null ? null : new RequestKey.Idempotency(newKey));
    }

    public WriteOptions withIfIndex(@Nullable Long newIfIndex) {
        return new WriteOptions(w, timeout, key, newIfIndex, ifAbsent);
    }

    public WriteOptions withIfAbsent(boolean newIfAbsent) {
        return new WriteOptions(w, timeout, key, ifIndex, newIfAbsent);
    }

    RequestKey keyOrFresh() {
        return key != null ? key : RequestKey.fresh();
    }

    Duration timeoutOr(Duration byDefault) {
        return timeout != null ? timeout : byDefault;
    }
}
