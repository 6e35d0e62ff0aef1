package io.replog.checker;

import java.util.List;

/**
 * A broken promise.
 *
 * @param rule       the promise in a word or two, the same for every violation of it
 * @param message    what was seen, and why it cannot be
 * @param operations ids of the operations that contradict each other
 */
public record Violation(String rule, String message, List<Long> operations) {
    @Override
    public String toString() {
        return rule + ": " + message;
    }
}
