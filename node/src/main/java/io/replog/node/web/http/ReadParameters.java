package io.replog.node.web.http;

import io.replog.core.quorum.ReadLevel;
import io.replog.node.engine.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How sure a read is to be.
 *
 * @param level    read level
 * @param minIndex answer once this node has it; 0 for whatever it has
 * @param patience how long to wait for {@code minIndex}
 */
public record ReadParameters(ReadLevel level, long minIndex, Deadline patience) {

    /** @param otherwise the level where the query names none */
    public static ReadParameters of(QueryParameters query, ReadLevel otherwise) {
        String level = query.text("read");
        return new ReadParameters(
                level == null ? otherwise : level(level), query.number("min_index", 1, 0), patience(query));
    }

    private static Deadline patience(QueryParameters query) {
        Duration wait = query.duration("wait");
        return Deadline.after(wait == null ? Duration.ZERO : wait);
    }

    private static ReadLevel level(@Nullable String text) {
        return switch (text) {
            case "local" -> ReadLevel.LOCAL;
            case "committed" -> ReadLevel.COMMITTED;
            case "linearizable" -> ReadLevel.LINEARIZABLE;
            case null, default ->
                throw ProblemException.badRequest(
                        "'read' is '" + text + "': accepted are local, committed and linearizable");
        };
    }
}
