package io.replog.checker;

import java.util.List;

/** What a checker says of a history. */
public sealed interface Verdict {
    /** @param checked how many operations were looked at */
    record Passed(long checked) implements Verdict {}

    /** @param violations at least one, the first ones found; the checkers stop collecting at a bound */
    record Violated(List<Violation> violations) implements Verdict {}

    /**
     * The budget ran out: the history is neither cleared nor convicted.
     *
     * @param reason which key, and how far the search came
     */
    record Undecided(String reason) implements Verdict {}

    default boolean passed() {
        return this instanceof Passed;
    }
}
