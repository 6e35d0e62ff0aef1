package io.replog.core.replica;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.LogEntry;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.WriteConcern;
import java.util.List;

/**
 * What happens to a replica. Deadlines are on the clock of {@link Replica#step}, {@link Long#MAX_VALUE} for none;
 * request ids are chosen by the caller, unique while the process runs.
 */
public sealed interface Input {
    /** Deadline of a request that waits for as long as it takes. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /** A write. Answered with {@link Outcome.Acknowledged}, {@link Outcome.Refused} or {@link Outcome.Unknown}. */
    record Append(long requestId, EncodedRequest request, WriteConcern w, long deadline) implements Input {}

    /** A linearizable read is asked for. Answered with {@link Outcome.ReadReady} or {@link Outcome.Refused}. */
    record Read(long requestId, long deadline) implements Input {}

    /**
     * Who holds the entry at {@code index}? Answered with {@link Outcome.Acks} once every data-bearing member holds it
     * or the deadline has passed; refused where this node does not lead or its log has no such index.
     */
    record AwaitAcks(long requestId, long index, long deadline) implements Input {}

    /** Add {@code member}, or give the member of that id its kind, priority and url; a new voter comes in as learner first. */
    record AddMember(long requestId, Member member, long deadline) implements Input {}

    record RemoveMember(long requestId, NodeId id, long deadline) implements Input {}

    /** Hand the lead to {@code target}. Answered with {@link Outcome.Done} when {@code target} is known to lead. */
    record TransferLeadership(long requestId, NodeId target, long deadline) implements Input {}

    /** The node is about to stop: hand the lead to the best follower. Answered at once where it does not lead. */
    record PrepareToStop(long requestId, long deadline) implements Input {}

    record Received(PeerEnvelope envelope) implements Input {}

    /**
     * The log is durable up to {@code index}.
     *
     * @param term  term at the time of the {@link Effect.AppendToLog}: a notice from before a truncation must not
     *              certify what was appended in its place
     * @param index last index of an entry
     */
    record LogFlushed(long term, long index) implements Input {}

    /**
     * The disk is full: entries from {@code fromIndex} on, given to {@link Effect.AppendToLog} in {@code term}, are not
     * stored and the log ends before them. Reported once: whoever reports it stores nothing more, and says nothing of
     * the appends that still come, until the next {@link Effect.TruncateLog}, which the replica answers with. Happens to
     * followers alone: a leader's space is reserved before a request is submitted.
     */
    record LogRefused(long term, long fromIndex) implements Input {}

    /**
     * Answer to {@link Effect.ReadLog}.
     *
     * @param entries consecutive, the first one holding the index that was asked for; empty where the log no longer
     *                has it
     */
    record LogRead(long token, List<LogEntry> entries) implements Input {}

    /** The snapshot of {@link Effect.SaveSnapshot} is durable, or could not be written. */
    record SnapshotSaved(long index, boolean saved) implements Input {}

    /** Time has passed; {@link Replica#nextDeadline()} says when one is due. */
    record Tick() implements Input {}
}
