package io.replog.node.web.forward;

import io.replog.core.quorum.Member;
import io.replog.node.engine.Deadline;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Takes a request to another node, at most once. Implementations are thread-safe and block the calling thread. */
public interface LeaderTransport {

    /**
     * A request as it is sent.
     *
     * @param method  HTTP method
     * @param target  path and query as they came
     * @param headers names and values, without those that concern one connection alone
     * @param body    the body; not changed
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
    record Request(String method, String target, List<Map.Entry<String, String>> headers, byte[] body) {}

    /** What became of it. */
    sealed interface Result {
        /** @param headers names in lower case, the last value of each */
        @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
        record Answered(int status, Map<String, String> headers, byte[] body) implements Result {}

        /** Nothing was sent: the request can be sent again. */
        record NotSent(String reason) implements Result {}

        /** It was sent, perhaps in part, and no answer came: whether it was worked on is not known. */
        record Broken(String reason) implements Result {}
    }

    /**
     * Sends {@code request} to {@code node} and waits for the answer.
     *
     * @param deadline when to give up waiting
     * @param giveUp   asked now and then while there is no answer: whether none is to be hoped for
     */
    Result exchange(Member node, Request request, Deadline deadline, BooleanSupplier giveUp);
}
