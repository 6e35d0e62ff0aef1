package io.replog.api.problem;

import static io.replog.api.problem.ProblemOutcome.NOT_STORED;
import static io.replog.api.problem.ProblemOutcome.UNKNOWN;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of problem; each has one status, and one outcome where it is about a write. */
public enum ProblemType {
    BAD_REQUEST(400, "Bad request", NOT_STORED),
    UNAUTHORIZED(401, "Credentials are missing or wrong", NOT_STORED),
    FORBIDDEN(403, "Not allowed with these credentials", NOT_STORED),
    NOT_FOUND(404, "Not found", null),
    METHOD_NOT_ALLOWED(405, "Method not allowed", null),
    NOT_ACCEPTABLE(406, "None of the accepted media types is served", null),
    SEQUENCE_TOO_OLD(409, "The client's sequence number is older than its last", NOT_STORED),
    MEMBER_NOT_READY(409, "The member is dead, lags, or is of the wrong kind", NOT_STORED),
    CHANGE_IN_PROGRESS(409, "Another change of the cluster is under way", NOT_STORED),
    CHANGE_NOT_ALLOWED(409, "The change is not allowed", NOT_STORED),
    CONDITION_FAILED(412, "The condition does not hold", NOT_STORED),
    TOO_LARGE(413, "The body is too large", NOT_STORED),
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not understood", NOT_STORED),
    WITNESS_HAS_NO_DATA(421, "A witness has no data", null),
    KEY_REUSED(422, "The idempotency key was used with another request", NOT_STORED),
    OVERLOADED(429, "Too many writes are waiting", NOT_STORED),
    INTERNAL_ERROR(500, "Internal error", UNKNOWN),
    NO_LEADER(503, "No leader", NOT_STORED),
    NO_QUORUM(503, "No quorum", NOT_STORED),
    DEADLINE_BEFORE_APPEND(503, "The deadline passed before the request was worked on", NOT_STORED),
    SHUTTING_DOWN(503, "Shutting down", NOT_STORED),
    UNAVAILABLE(503, "Not available", NOT_STORED),
    NOT_REACHED(504, "The index was not reached in time", null),
    DEADLINE_AFTER_APPEND(504, "The deadline passed after the entry was appended", UNKNOWN),
    LEADERSHIP_LOST(504, "Leadership was lost after the entry was appended", UNKNOWN),
    FORWARDING_BROKE(504, "The connection to the leader broke after the request was sent", UNKNOWN),
    DISK_FULL(507, "The disk is full", NOT_STORED);

    private final int status;
    private final String title;
    private final @Nullable ProblemOutcome outcome;

    ProblemType(int status, String title, @Nullable ProblemOutcome outcome) {
        this.status = status;
        this.title = title;
        this.outcome = outcome;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** What becomes of a write that meets this problem; null where it says nothing about one. */
    public @Nullable ProblemOutcome outcome() {
        return outcome;
    }

    /** A URI that identifies the kind, {@code urn:replog:problem:no-quorum}. */
    public String uri() {
        return "urn:replog:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
