package io.replog.node.engine;

import io.replog.core.replica.Input;
import io.replog.core.replica.Outcome;
import java.util.concurrent.CompletableFuture;

/**
 * A request on its way to the replica.
 *
 * @param requestId     as in {@code input}
 * @param future        completed with the outcome
 * @param since         when it came in, on the clock of {@link System#nanoTime()}
 * @param reservedBytes of the log, set apart for its entry; 0 where it makes none
 */
record Submission(Input input, long requestId, CompletableFuture<Outcome> future, long since, int reservedBytes) {}
