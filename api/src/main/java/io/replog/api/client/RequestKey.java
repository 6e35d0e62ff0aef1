package io.replog.api.client;

import io.replog.api.ReplogHeaders;
import java.util.UUID;

/**
 * By what the cluster recognises a write that was sent before, across failovers and restarts: it takes effect once, and a
 * repeat is given the first answer.
 */
public sealed interface RequestKey {

    /**
     * A key of its own for each write. The cluster remembers the newest 100,000 of them.
     *
     * @param key 1–255 visible ASCII characters
     */
    record Idempotency(String key) implements RequestKey {
        public Idempotency {
            requireVisible(ReplogHeaders.IDEMPOTENCY_KEY, key, 255);
        }

        @Override
        public String toString() {
            return key;
        }
    }

    /**
     * A client's name and the number of its write. The cluster remembers the last number of each client alone: a repeat of
     * it gets the first answer, an older one is refused with 409. For clients that write one thing after another.
     *
     * @param clientId 1–64 visible ASCII characters
     * @param sequence from 1, growing with each new write; gaps are fine
     */
    record ClientSequence(String clientId, long sequence) implements RequestKey {
        public ClientSequence {
            requireVisible(ReplogHeaders.CLIENT_ID, clientId, 64);
            if (sequence < 1) {
                throw new IllegalArgumentException(
                        ReplogHeaders.CLIENT_SEQ + " is " + sequence + ": accepted is a whole number from 1");
            }
        }

        @Override
        public String toString() {
            return clientId + " #" + sequence;
        }
    }

    /** A key that no other write has. */
    static RequestKey fresh() {
        return new Idempotency(UUID.randomUUID().toString());
    }

    private static void requireVisible(String name, String value, int longest) {
        boolean accepted = !value.isEmpty() && value.length() <= longest;
        if (!accepted || !value.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException(
                    name + ": accepted are 1 to " + longest + " visible ASCII characters, without blanks");
        }
    }
}
