package io.replog.core.log;

/**
 * What makes a repeated write recognisable as a repeat. It travels in the entry, so that every member that stores the
 * entry can answer the repeat after a failover or restart.
 */
public sealed interface RequestKey {
    RequestKey NONE = new None();

    /** A write that is not protected against repetition. */
    record None() implements RequestKey {}

    /**
     * @param key         1–255 visible ASCII characters
     * @param fingerprint 64-bit hash of the request's kind and content: another one under the same key is refused
     */
    record Idempotency(String key, long fingerprint) implements RequestKey {}

    /**
     * @param clientId    1–64 visible ASCII characters
     * @param sequence    at least 1, growing; gaps are fine
     * @param fingerprint as for {@link Idempotency}
     */
    record ClientSequence(String clientId, long sequence, long fingerprint) implements RequestKey {}
}
