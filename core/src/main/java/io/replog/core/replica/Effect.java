package io.replog.core.replica;

import io.replog.core.log.LogEntry;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.quorum.Membership;
import io.replog.core.quorum.NodeId;
import io.replog.core.statemachine.StateSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica wants done. The caller works effects off in list order. {@link SaveHardState} and
 * {@link TruncateLog} are durable before the next effect begins; all others may finish later.
 */
public sealed interface Effect {
    /** Durable before the next effect. Where that fails the process must halt. */
    record SaveHardState(HardState state) implements Effect {}

    /**
     * Append and force, asynchronously; comes back as {@link Input.LogFlushed} with this {@code term}, or as
     * {@link Input.LogRefused}. A failed force halts the process.
     *
     * @param term    the replica's current term
     * @param entries consecutive, the first one following the log's last
     */
    record AppendToLog(long term, List<LogEntry> entries) implements Effect {}

    /**
     * Cut the log so that {@code fromIndex}, the first index of an entry, and all after it are gone; earlier appends
     * are finished first. What is cut goes to {@code rollbacks/}. Also the answer to {@link Input.LogRefused}: where
     * the log ends before {@code fromIndex} nothing is cut, and appends are taken again.
     */
    record TruncateLog(long fromIndex) implements Effect {}

    /** Best effort: a message may be dropped, never changed. */
    record Send(NodeId to, PeerEnvelope envelope) implements Effect {}

    /**
     * Read durable entries, asynchronously; comes back as {@link Input.LogRead}.
     *
     * @param fromIndex an index within the first entry wanted
     * @param maxBytes  stop before this is exceeded, but give at least one entry
     */
    record ReadLog(long token, long fromIndex, int maxBytes) implements Effect {}

    record Respond(long requestId, Outcome outcome) implements Effect {}

    /** Write a state snapshot, asynchronously; comes back as {@link Input.SnapshotSaved}. The content is immutable. */
    record SaveSnapshot(StateSnapshot snapshot) implements Effect {}

    /** For logs, events and metrics. The replica is already in the new role. */
    record RoleChanged(Role role, long term, @Nullable NodeId leader, String reason) implements Effect {}

    /** The membership in force changed: peers may have come, gone or moved. */
    record MembershipChanged(Membership membership) implements Effect {}

    /** This node cannot found or join a cluster for the reason given, or only meets another one; it is not ready. */
    record Stranded(String reason) implements Effect {}

    /** This node has lost what it held, and no peer holds anything to refill it with: the process must end. */
    record DataLost(String reason) implements Effect {}

    /** For logs and events: messages of {@code peer} are refused, for the reason given. Once per peer and reason. */
    record PeerRejected(NodeId peer, String reason) implements Effect {}
}
