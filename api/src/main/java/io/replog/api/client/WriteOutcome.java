package io.replog.api.client;

import io.replog.api.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * How a write ended. Never mixes "it was not stored" with "nobody knows".
 *
 * @param <T> what the cluster answers to the write
 */
public sealed interface WriteOutcome<T> {

    /** What the write carried to be recognised by: sending it again with it is safe. */
    RequestKey key();

    /** How often the write was sent. */
    int attempts();

    /**
     * Stored durably on as many members as the write concern asks for.
     *
     * @param value    the answer
     * @param replayed whether it is the answer to an earlier sending of the same write
     * @param node     id of the node that answered, null where it did not say
     */
    record Acknowledged<T>(
            T value, boolean replayed, @Nullable String node, RequestKey key, int attempts)
            implements WriteOutcome<T> {}

    /**
     * A promise: nothing of the write ever appears on any node.
     *
     * @param problem why; its status is 0 where no node was reached
     */
    record NotStored<T>(Problem problem, RequestKey key, int attempts) implements WriteOutcome<T> {
        /** Whether no node was reached at all, rather than one that refused. */
        public boolean nobodyReached() {
            return problem.status() == 0;
        }
    }

    /**
     * The write may have been stored, and if so goes on replicating.
     *
     * @param problem what is known: {@code id}, {@code index}, {@code acks} and {@code missing} where a node told them;
     *                its status is 0 where the connection broke
     */
    record Unknown<T>(Problem problem, RequestKey key, int attempts) implements WriteOutcome<T> {}

    /**
     * The answer of an acknowledged write.
     *
     * @throws WriteFailedException for the other two
     */
    default T orThrow() {
        return switch (this) {
            case Acknowledged<T> acknowledged -> acknowledged.value();
            case NotStored<T> notStored -> throw new WriteFailedException(notStored.problem(), key(), false);
            case Unknown<T> unknown -> throw new WriteFailedException(unknown.problem(), key(), true);
        };
    }
}
