package io.replog.node.web.message;

import io.replog.api.ReplogMediaTypes;
import io.replog.api.problem.ProblemType;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.Fingerprint;
import io.replog.node.web.http.MediaTypes;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.json.MalformedJsonException;
import io.replog.node.web.json.TextBody;
import io.replog.node.web.json.Utf8;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a body asks to append.
 *
 * @param texts   UTF-8, at least one
 * @param isBatch whether the body is a batch, perhaps of one
 * @param w       write concern that the body names, null where it names none
 */
record NewMessages(
        List<byte[]> texts, boolean isBatch, @Nullable String w) {
    private static final String FIELD = "message";

    /** @throws ProblemException 400, 413 or 415; names what is wrong and what is accepted */
    static NewMessages parse(String mediaType, byte[] body, int maxMessageBytes) {
        return switch (mediaType) {
            case ReplogMediaTypes.JSON -> single(json(body), maxMessageBytes);
            case ReplogMediaTypes.TEXT -> single(text(body), maxMessageBytes);
            case ReplogMediaTypes.NDJSON -> batch(body, maxMessageBytes);
            default -> throw MediaTypes.unsupported(mediaType, "application/json, text/plain and application/x-ndjson");
        };
    }

    long fingerprint() {
        if (!isBatch) {
            return Fingerprint.ofMessage(texts.getFirst());
        }
        Fingerprint fingerprint = new Fingerprint("messages");
        texts.forEach(fingerprint::add);
        return fingerprint.value();
    }

    private static NewMessages single(TextBody body, int maxMessageBytes) {
        if (body.text().length > maxMessageBytes) {
            throw tooLong("the message", body.text().length, maxMessageBytes);
        }
        return new NewMessages(List.of(body.text()), false, body.w());
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
                    "the message is not UTF-8 at byte " + malformed + ": accepted is text in UTF-8");
        }
        return new TextBody(body, null);
    }

    private static NewMessages batch(byte[] body, int maxMessageBytes) {
        List<byte[]> texts = new ArrayList<>();
        int from = 0;
        while (from < body.length) {
            int end = from;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            if (texts.size() == WebSettings.MAX_BATCH_MESSAGES) {
                throw ProblemException.of(
                        ProblemType.TOO_LARGE,
                        "a batch has 1 to " + WebSettings.MAX_BATCH_MESSAGES + " messages: this one has more");
            }
            byte[] text = line(body, from, end, texts.size() + 1);
            if (text.length > maxMessageBytes) {
                throw tooLong("line " + (texts.size() + 1), text.length, maxMessageBytes);
            }
            texts.add(text);
            from = end + 1;
        }
        if (texts.isEmpty()) {
            throw ProblemException.badRequest("the batch is empty: accepted are 1 to " + WebSettings.MAX_BATCH_MESSAGES
                    + " lines, each a JSON object with 'message'");
        }
        return new NewMessages(texts, true, null);
    }

    private static byte[] line(byte[] body, int from, int end, int number) {
        try {
            return TextBody.parse(body, from, end, FIELD, false).text();
        } catch (MalformedJsonException e) {
            throw ProblemException.badRequest("line " + number + ": " + e.getMessage());
        }
    }

    private static ProblemException tooLong(String what, int bytes, int maxMessageBytes) {
        return ProblemException.of(
                ProblemType.TOO_LARGE,
                what + " has " + bytes + " bytes of text: accepted are up to " + maxMessageBytes);
    }
}
