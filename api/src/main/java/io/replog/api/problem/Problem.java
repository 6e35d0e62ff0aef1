package io.replog.api.problem;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error's body (RFC 9457). Members that do not apply are absent.
 *
 * @param type    identifies the kind of problem, see {@link ProblemType}
 * @param title   the kind of problem in words
 * @param status  HTTP status
 * @param detail  what went wrong this time; names the field and what is accepted
 * @param outcome what became of a write; null where the request was none
 * @param id      of the (last) message, where it was appended and its outcome is unknown; null where that is not known either
 * @param index   of the entry where its outcome is unknown, null where that is not known either, or of the key's last change where a condition does not hold
 * @param acks    ids of the members that held the entry, where its outcome is unknown
 * @param missing ids of the data-bearing members that were not known to hold it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable ProblemOutcome outcome,
        @Nullable Long id,
        @Nullable Long index,
        @Nullable List<String> acks,
        @Nullable List<String> missing) {

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail, type.outcome(), null, null, null, null);
    }

    public Problem withOutcome(@Nullable ProblemOutcome newOutcome) {
        return new Problem(type, title, status, detail, newOutcome, id, index, acks, missing);
    }

    /** Without what it says of a write. */
    public Problem ofRead() {
        return new Problem(type, title, status, detail, null, id, index, null, null);
    }

    public Problem withIndex(long newIndex) {
        return new Problem(type, title, status, detail, outcome, id, newIndex, acks, missing);
    }

    /** Nobody here knows where the entry is, or whether it is: {@code allDataBearing} may lack it. */
    public Problem withUnknownPlacement(List<String> allDataBearing) {
        return new Problem(type, title, status, detail, outcome, null, null, List.of(), allDataBearing);
    }

    /** @param newId null where the entry is not a message */
    public Problem withPlacement(@Nullable Long newId, long newIndex, List<String> newAcks, List<String> newMissing) {
        return new Problem(type, title, status, detail, outcome, newId, newIndex, newAcks, newMissing);
    }
}
