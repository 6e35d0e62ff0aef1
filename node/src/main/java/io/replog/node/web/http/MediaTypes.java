package io.replog.node.web.http;

import io.replog.api.ReplogMediaTypes;
import io.replog.api.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** What a request's body is, and what its answer may be. */
public final class MediaTypes {
    private MediaTypes() {}

    /**
     * The media type of the body without its parameters, in lower case; empty where the request names none.
     *
     * @throws ProblemException 415 where it has a character set other than UTF-8 or is malformed
     */
    public static String ofBody(HttpServletRequest request) {
        String value = request.getContentType();
        if (value == null) {
            return "";
        }
        if (value.equals(ReplogMediaTypes.JSON)
                || value.equals(ReplogMediaTypes.NDJSON)
                || value.equals(ReplogMediaTypes.TEXT)) {
            return value;
        }
        try {
            MediaType type = MediaType.parseMediaType(value);
            String charset = type.getParameter("charset");
            if (charset != null && !charset.replace("\"", "").equalsIgnoreCase("utf-8")) {
                throw ProblemException.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "character set '" + charset + "' is not understood: accepted is utf-8");
            }
            return (type.getType() + "/" + type.getSubtype()).toLowerCase(Locale.ROOT);
        } catch (InvalidMediaTypeException e) {
            throw unsupported(value, "a media type");
        }
    }

    public static ProblemException unsupported(String value, String accepted) {
        return ProblemException.of(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                (value.isEmpty() ? "the request names no content type" : "content type '" + value + "'")
                        + ": accepted are " + accepted + " (with curl: -H 'Content-Type: …')");
    }

    /**
     * The one of {@code served} that the request's {@code Accept} wants most; the first one where it does not care.
     *
     * @throws ProblemException 406 where it wants none of them
     */
    public static String choose(HttpServletRequest request, String... served) {
        String accept = acceptOf(request);
        if (accept == null || accept.equals("*/*") || accept.equals(served[0])) {
            return served[0];
        }
        List<MediaType> ranges;
        try {
            ranges = MediaType.parseMediaTypes(accept);
        } catch (InvalidMediaTypeException e) {
            throw notAcceptable(accept, served);
        }
        String best = null;
        double bestQuality = 0;
        for (String candidate : served) {
            double quality = quality(MediaType.valueOf(candidate), ranges);
            if (quality > bestQuality) {
                best = candidate;
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw notAcceptable(accept, served);
        }
        return best;
    }

    /** The quality of the most specific range that includes {@code type} (RFC 9110, §12.5.1). */
    private static double quality(MediaType type, List<MediaType> ranges) {
        double quality = 0;
        int specificity = -1;
        for (MediaType range : ranges) {
            int rangeSpecificity = range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
            if (range.includes(type) && rangeSpecificity > specificity) {
                specificity = rangeSpecificity;
                quality = range.getQualityValue();
            }
        }
        return quality;
    }

    private static @Nullable String acceptOf(HttpServletRequest request) {
        String first = request.getHeader("Accept");
        if (first == null || first.isBlank()) {
            return null;
        }
        var all = request.getHeaders("Accept");
        StringBuilder joined = new StringBuilder(all.nextElement());
        while (all.hasMoreElements()) {
            joined.append(',').append(all.nextElement());
        }
        return joined.toString();
    }

    private static ProblemException notAcceptable(String accept, String... served) {
        return ProblemException.of(
                ProblemType.NOT_ACCEPTABLE,
                "'" + accept + "' is not served here: served are " + Arrays.toString(served));
    }
}
