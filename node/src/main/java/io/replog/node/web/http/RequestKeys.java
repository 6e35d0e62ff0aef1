package io.replog.node.web.http;

import io.replog.api.ReplogHeaders;
import io.replog.core.log.RequestKey;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a request's headers say about repeats of it. */
public final class RequestKeys {
    private static final int MAX_IDEMPOTENCY_KEY = 255;
    private static final int MAX_CLIENT_ID = 64;

    private RequestKeys() {}

    /**
     * @param fingerprint hash of the request's kind and content; asked for where there is a key
     * @throws ProblemException 400 where a header is not accepted, or one of a pair stands alone
     */
    public static RequestKey of(HttpServletRequest request, LongSupplier fingerprint) {
        String key = single(request, ReplogHeaders.IDEMPOTENCY_KEY);
        String clientId = single(request, ReplogHeaders.CLIENT_ID);
        String clientSeq = single(request, ReplogHeaders.CLIENT_SEQ);
        if (clientId == null && clientSeq == null) {
            if (key == null) {
                return RequestKey.NONE;
            }
            requireVisible(ReplogHeaders.IDEMPOTENCY_KEY, key, MAX_IDEMPOTENCY_KEY);
            return new RequestKey.Idempotency(key, fingerprint.getAsLong());
        }
        if (key != null) {
            throw ProblemException.badRequest(
                    "accepted is either Idempotency-Key or the pair of Client-Id and Client-Seq, not both");
        }
        if (clientId == null || clientSeq == null) {
            throw ProblemException.badRequest((clientId == null ? "Client-Id" : "Client-Seq")
                    + " is missing: Client-Id and Client-Seq are accepted together alone");
        }
        requireVisible(ReplogHeaders.CLIENT_ID, clientId, MAX_CLIENT_ID);
        if (!clientSeq.matches("[0-9]{1,18}") || Long.parseLong(clientSeq) < 1) {
            throw ProblemException.badRequest(
                    "Client-Seq is '" + clientSeq + "': accepted is a whole number from 1, growing");
        }
        return new RequestKey.ClientSequence(clientId, Long.parseLong(clientSeq), fingerprint.getAsLong());
    }

    private static @Nullable String single(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        if (value == null) {
            return null;
        }
        Enumeration<String> all = request.getHeaders(name);
        all.nextElement();
        if (all.hasMoreElements()) {
            throw ProblemException.badRequest(name + " is there twice: accepted is once");
        }
        return value;
    }

    private static void requireVisible(String name, String value, int maxLength) {
        boolean accepted = !value.isEmpty() && value.length() <= maxLength;
        for (int i = 0; accepted && i < value.length(); i++) {
            accepted = value.charAt(i) > ' ' && value.charAt(i) < 0x7f;
        }
        if (!accepted) {
            throw ProblemException.badRequest(name + ": accepted are 1 to " + maxLength + " visible ASCII characters");
        }
    }
}
