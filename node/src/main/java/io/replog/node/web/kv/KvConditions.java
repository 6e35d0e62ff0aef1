package io.replog.node.web.kv;

import io.replog.core.kv.KvCommand.Condition;
import io.replog.node.web.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code If-Match} and {@code If-None-Match} ask of a write. */
final class KvConditions {
    private static final Pattern TAG = Pattern.compile("\"([0-9]{1,18})\"");

    private KvConditions() {}

    /** @throws ProblemException 400 where a header is not accepted, or both are there */
    static Condition of(HttpServletRequest request) {
        String match = request.getHeader("If-Match");
        String noneMatch = request.getHeader("If-None-Match");
        if (match == null && noneMatch == null) {
            return Condition.NONE;
        }
        if (match != null && noneMatch != null) {
            throw ProblemException.badRequest("accepted is either If-Match or If-None-Match, not both");
        }
        if (match != null) {
            Matcher tag = TAG.matcher(match);
            if (!tag.matches()) {
                throw ProblemException.badRequest(
                        "If-Match is " + match + ": accepted is one ETag in quotation marks, such as \"7\"");
            }
            return new Condition.IndexIs(Long.parseLong(tag.group(1)));
        }
        if (!noneMatch.equals("*")) {
            throw ProblemException.badRequest("If-None-Match is " + noneMatch + ": accepted is *");
        }
        return new Condition.Absent();
    }
}
