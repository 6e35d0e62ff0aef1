package io.replog.node.web.kv;

import io.replog.api.ReplogHeaders;
import io.replog.api.ReplogMediaTypes;
import io.replog.api.problem.ProblemType;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.BodyBudget;
import io.replog.node.web.http.MediaTypes;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.RequestBody;
import io.replog.node.web.json.MalformedJsonException;
import io.replog.node.web.json.TextBody;
import io.replog.node.web.json.Utf8;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Reads the body of a write to a key. */
final class KvBody {
    private static final String FIELD = "value";
    private static final String BYTES = "application/octet-stream";

    private KvBody() {}

    /** @throws ProblemException 400, 413, 415 or 429; names what is wrong and what is accepted */
    static TextBody read(HttpServletRequest request, WebSettings settings, BodyBudget.Lease lease) throws IOException {
        String mediaType = MediaTypes.ofBody(request);
        byte[] body = RequestBody.read(request, settings.maxJsonBytes(), lease);
        TextBody text =
                switch (mediaType) {
                    case ReplogMediaTypes.JSON -> json(body);
                    case ReplogMediaTypes.TEXT -> text(body);
                    case BYTES -> bytes(request, body);
                    default -> throw MediaTypes.unsupported(mediaType, "application/json and text/plain");
                };
        if (text.text().length > settings.maxMessageBytes()) {
            throw ProblemException.of(
                    ProblemType.TOO_LARGE,
                    "the value has " + text.text().length + " bytes: accepted are up to " + settings.maxMessageBytes());
        }
        return text;
    }

    private static TextBody json(byte[] body) {
        try {
            return TextBody.parse(body, 0, body.length, FIELD, true);
        } catch (MalformedJsonException e) {
            throw ProblemException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static TextBody text(byte[] body) {
        int malformed = Utf8.firstMalformed(body, 0, body.length);
        if (malformed >= 0) {
            throw ProblemException.badRequest(
                    "the value is not UTF-8 at byte " + malformed + ": accepted is text in UTF-8");
        }
        return new TextBody(body, null);
    }

    /** Bytes come from another node's text port alone: to clients of the HTTP port, values are text. */
    private static TextBody bytes(HttpServletRequest request, byte[] body) {
        if (request.getHeader(ReplogHeaders.FORWARDED_BY) == null) {
            throw MediaTypes.unsupported(BYTES, "application/json and text/plain");
        }
        return new TextBody(body, null);
    }
}
