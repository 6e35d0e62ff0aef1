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
    record Idempotency(String key, long fingerprint) implements RequestKey {
        public static final int MAX_LENGTH = 255;

        /** @throws IllegalArgumentException where the key is not accepted */
        public Idempotency {
            requireVisible("idempotency key", key, MAX_LENGTH);
        }
    }

    /**
     * @param clientId    1–64 visible ASCII characters
     * @param sequence    at least 1, growing; gaps are fine
     * @param fingerprint as for {@link Idempotency}
     */
    record ClientSequence(String clientId, long sequence, long fingerprint) implements RequestKey {
        public static final int MAX_LENGTH = 64;

        /** @throws IllegalArgumentException where the client id or the sequence number is not accepted */
        public ClientSequence {
            requireVisible("client id", clientId, MAX_LENGTH);
            if (sequence < 1) {
                throw new IllegalArgumentException("client sequence " + sequence + ": accepted are 1, 2, 3 and so on");
            }
        }
    }

    private static void requireVisible(String name, String text, int maxLength) {
        boolean accepted = !text.isEmpty() && text.length() <= maxLength;
        for (int i = 0; accepted && i < text.length(); i++) {
            accepted = text.charAt(i) > ' ' && text.charAt(i) < 0x7f;
        }
        if (!accepted) {
            throw new IllegalArgumentException(name + ": accepted are 1 to " + maxLength + " visible ASCII characters");
        }
    }
}
