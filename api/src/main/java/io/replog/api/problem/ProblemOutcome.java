package io.replog.api.problem;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What became of a write that was not acknowledged. */
public enum ProblemOutcome {
    /** A promise: nothing of the request ever appears on any node. It may be sent again. */
    NOT_STORED("not-stored"),

    /** The request may have been stored. Sending it again is safe with the same idempotency key alone. */
    UNKNOWN("unknown");

    private final String text;

    ProblemOutcome(String text) {
        this.text = text;
    }

    /** As it stands in JSON. */
    @JsonValue
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException where no outcome has this text */
    @JsonCreator
    public static ProblemOutcome of(String text) {
        for (ProblemOutcome outcome : values()) {
            if (outcome.text.equals(text)) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("unknown outcome '" + text + "'");
    }
}
