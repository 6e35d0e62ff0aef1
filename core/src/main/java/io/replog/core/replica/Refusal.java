package io.replog.core.replica;

/** Why a request was refused before anything of it was stored. A promise: it never appears on any node. */
public enum Refusal {
    /** This node does not lead; the leader, where known, is in the status. */
    NOT_LEADER,
    /** This node leads but has lost its quorum, or cannot confirm that it still leads. */
    NO_QUORUM,
    /** The deadline passed before the request was worked on. */
    DEADLINE,
    /** Too many requests wait, or too much of the log is not committed. */
    OVERLOADED,
    /** The numeric write concern is above the number of data-bearing members. */
    WRITE_CONCERN,
    /** The request key was used with another request. */
    KEY_REUSED,
    /** The client's sequence number is older than its last. */
    SEQUENCE_TOO_OLD,
    /** The leader's log has no such index. */
    UNKNOWN_INDEX,
    /** No member has the id that the request names. */
    UNKNOWN_MEMBER,
    /** The member is unreachable, lags too far behind, or is of a kind that does not allow it. */
    MEMBER_NOT_READY,
    /** Another membership change or hand-over is under way. */
    CHANGE_IN_PROGRESS,
    /** The change would leave the cluster without a voter that bears data, or is otherwise not allowed. */
    CHANGE_NOT_ALLOWED
}
