package io.replog.node.web.http;

import io.replog.api.ReplogHeaders;
import io.replog.core.quorum.WriteConcern;
import io.replog.node.engine.Deadline;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a write is to be answered.
 *
 * @param w        write concern
 * @param deadline of the answer
 */
public record WriteParameters(WriteConcern w, Deadline deadline) {

    /**
     * @param bodyW     write concern that the body names, null where it names none; the query wins
     * @param otherwise write concern where neither names one
     * @throws ProblemException 400 where one of them is not accepted
     */
    public static WriteParameters of(HttpServletRequest request, @Nullable String bodyW, WriteConcern otherwise) {
        QueryParameters query = QueryParameters.of(request);
        WriteConcern w = bodyW == null ? otherwise : writeConcern(bodyW);
        String queryW = query.text("w");
        return new WriteParameters(queryW == null ? w : writeConcern(queryW), deadline(request, query));
    }

    /**
     * By when the answer is due: what the query says, or, on a forwarded request, what is left of it.
     *
     * @return {@link Deadline#NONE} where the request waits for as long as it takes
     */
    public static Deadline deadline(HttpServletRequest request, QueryParameters query) {
        Duration timeout = query.duration("timeout");
        String left = request.getHeader(ReplogHeaders.DEADLINE);
        if (left != null && left.matches("[0-9]{1,12}")) {
            Duration remaining = Duration.ofMillis(Long.parseLong(left));
            timeout = timeout == null || remaining.compareTo(timeout) < 0 ? remaining : timeout;
        }
        return Deadline.after(timeout);
    }

    private static WriteConcern writeConcern(String text) {
        try {
            return WriteConcern.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
