package io.replog.core.replica;

import io.replog.core.kv.KvResult;
import io.replog.core.quorum.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a request ended. Each request gets one outcome. */
public sealed interface Outcome {

    /**
     * Where a write stands and who holds it.
     *
     * @param firstId   id of its first message, 0 for a key-value command
     * @param lastId    id of its last message, 0 for a key-value command
     * @param index     last index that it takes
     * @param term      term of its entry
     * @param acks      data-bearing members that hold it durably, sorted
     * @param missing   the other data-bearing members, sorted
     * @param committed whether it is committed
     */
    record Placement(
            long firstId,
            long lastId,
            long index,
            long term,
            List<NodeId> acks,
            List<NodeId> missing,
            boolean committed) {}

    /**
     * The write is durable on as many members as were asked for.
     *
     * @param placement where it stands
     * @param w         number of members that the write concern came to
     * @param replayed  whether this answers a repeat of a request
     * @param kv        what a key-value command gave, null for messages
     */
    record Acknowledged(
            Placement placement,
            int w,
            boolean replayed,
            @Nullable KvResult kv) implements Outcome {}

    /** @param reason why; nothing of the request is or will be stored */
    record Refused(Refusal reason) implements Outcome {}

    /** The entry is appended and goes on replicating; whether it will be committed is not known yet. */
    record Unknown(Placement placement, Cause cause) implements Outcome {
        public enum Cause {
            DEADLINE,
            LEADERSHIP_LOST
        }
    }

    /** Answer to {@link Input.AwaitAcks}: as it stands now; not necessarily complete. */
    record Acks(Placement placement) implements Outcome {}

    /** Answer to {@link Input.Read}: a state at {@code index} or later may be read. */
    record ReadReady(long index) implements Outcome {}

    /** A membership change is committed, or the lead is handed over. */
    record Done() implements Outcome {}
}
