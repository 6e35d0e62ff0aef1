package io.replog.core.replica;

import io.replog.core.log.LogEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads of entries that are no longer in memory. A read that was forgotten before it came back is ignored. */
final class LogReads {
    private final ReplicaState state;
    private final Map<Long, Consumer<List<LogEntry>>> waiting = new HashMap<>();
    private long lastToken;

    LogReads(ReplicaState state) {
        this.state = state;
    }

    /** Asks for the entries from the one that takes {@code fromIndex} on, all of them committed. */
    long ask(long fromIndex, Consumer<List<LogEntry>> then) {
        long token = ++lastToken;
        waiting.put(token, then);
        state.emit(new Effect.ReadLog(token, fromIndex, state.limits().batchBytes()));
        return token;
    }

    void forget(long token) {
        waiting.remove(token);
    }

    void onLogRead(long token, List<LogEntry> entries) {
        Consumer<List<LogEntry>> then = waiting.remove(token);
        if (then != null) {
            then.accept(entries);
        }
    }
}
