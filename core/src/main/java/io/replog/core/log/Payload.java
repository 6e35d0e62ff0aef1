package io.replog.core.log;

import io.replog.core.kv.KvCommand;
import io.replog.core.quorum.Membership;
import java.util.List;

/** What an entry carries, decoded. */
public sealed interface Payload {
    /**
     * One message, or a batch that is stored all or nothing. It takes one index and one id for each message.
     *
     * @param texts UTF-8, at least one; neither the list nor the arrays are changed after construction
     */
    record Messages(List<byte[]> texts) implements Payload {}

    /** A command of the key-value store; takes one index. */
    record Command(KvCommand command) implements Payload {}

    /**
     * The first entry of each term (Raft dissertation, §6.4): committing it commits what earlier terms left.
     *
     * @param view number of the view that this leader begins, one more than the view before
     */
    record NoOp(long view) implements Payload {}

    /** @param view number of the view that this membership begins, one more than the view before */
    record MembershipChange(long view, Membership membership) implements Payload {}

    /** A witness's entry: its index and term are stored, its payload is not. */
    record Omitted() implements Payload {}
}
