package io.replog.api.client;

import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemOutcome;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads problems, and makes those that no node could write. */
final class Problems {
    private static final int LONGEST_QUOTE = 200;

    private Problems() {}

    /** The problem in an answer that is no success; one of ours where the body is none. */
    static Problem read(HttpReply reply) {
        try {
            Problem problem = Json.MAPPER.readValue(reply.body(), Problem.class);
            if (problem != null && problem.status() == reply.status() && problem.title() != null) {
                return problem;
            }
        } catch (JacksonException e) {
            return foreign(reply);
        }
        return foreign(reply);
    }

    private static Problem foreign(HttpReply reply) {
        String text = new String(reply.body(), StandardCharsets.UTF_8).strip();
        String quote = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        ProblemOutcome outcome =
                reply.status() >= 400 && reply.status() < 500 ? ProblemOutcome.NOT_STORED : ProblemOutcome.UNKNOWN;
        return new Problem(
                "about:blank",
                "Status " + reply.status(),
                reply.status(),
                quote.lines().findFirst().orElse(""),
                outcome,
                null,
                null,
                null,
                null);
    }

    /** Nothing answered; {@code detail} says what was tried. */
    static Problem noAnswer(String title, String detail, ProblemOutcome outcome) {
        return new Problem("about:blank", title, 0, detail, outcome, null, null, null, null);
    }

    /** The problem in one line. */
    static String describe(Problem problem) {
        @Nullable String detail = problem.detail();
        String line = detail == null || detail.isBlank() ? problem.title() : problem.title() + ": " + detail;
        return problem.status() == 0 ? line : line + " (" + problem.status() + ")";
    }
}
