package io.replog.simulation.invariant;

import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import java.util.HashMap;
import java.util.Map;

/**
 * What one client wants done once, however often it tries: kept to see that refused attempts leave no trace and repeats
 * do nothing twice.
 */
public final class Operation {
    /** How an attempt stands. */
    public enum Standing {
        OPEN,
        REFUSED,
        UNKNOWN,
        ACKNOWLEDGED
    }

    private final long id;
    private final RequestKey key;
    private final WriteConcern w;
    private final Map<Long, Standing> attempts = new HashMap<>();
    private boolean appended;

    public Operation(long id, RequestKey key, WriteConcern w) {
        this.id = id;
        this.key = key;
        this.w = w;
    }

    public long id() {
        return id;
    }

    public RequestKey key() {
        return key;
    }

    WriteConcern w() {
        return w;
    }

    void stands(long attempt, Standing standing) {
        attempts.put(attempt, standing);
    }

    /** How often it may stand in the log. */
    long possible() {
        long possible = attempts.values().stream()
                .filter(standing -> standing != Standing.REFUSED)
                .count();
        return key instanceof RequestKey.None ? possible : Math.min(1, possible);
    }

    void markAppended() {
        appended = true;
    }

    boolean isAppended() {
        return appended;
    }

    @Override
    public String toString() {
        return "operation " + id + " " + key + " " + attempts;
    }
}
