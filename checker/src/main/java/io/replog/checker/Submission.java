package io.replog.checker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to append messages. Texts are unique in a history, but for attempts with the same request key, which are
 * repeats of one request.
 *
 * @param id         unique in the history
 * @param process    who asked
 * @param requestKey what makes repeats recognisable, null for none
 * @param texts      the messages, at least one
 * @param durable    whether its write concern was the majority or more: when acknowledged, it must never be lost
 * @param status     how it ended
 * @param placement  where it was said to stand; null unless {@link Status#OK}
 * @param invoked    when it was asked for, on one clock for the whole history
 * @param completed  when it was answered; without meaning for {@link Status#UNKNOWN}
 */
public record Submission(
        long id,
        String process,
        @Nullable String requestKey,
        List<String> texts,
        boolean durable,
        Status status,
        @Nullable Placement placement,
        long invoked,
        long completed) {

    /**
     * @param firstId id of the first message
     * @param lastId  id of the last message
     * @param w       how many members had to hold it, 0 where that is not known
     * @param acks    the members that were said to hold it
     */
    public record Placement(long firstId, long lastId, int w, List<String> acks) {}

    @Override
    public String toString() {
        return "#" + id + " " + process + (requestKey == null ? "" : " key " + requestKey) + " "
                + Texts.quote(texts.getFirst())
                + (texts.size() > 1 ? " and " + (texts.size() - 1) + " more" : "")
                + (durable ? " durable " : " ") + status
                + (placement == null ? "" : " ids " + placement.firstId() + ".." + placement.lastId());
    }
}
