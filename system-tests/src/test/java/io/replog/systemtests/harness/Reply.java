package io.replog.systemtests.harness;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a node answered. */
public final class Reply {
    private static final JsonMapper JSON = new JsonMapper();

    private final int status;
    private final HttpHeaders headers;
    private final byte[] bytes;
    private final Duration took;

    private Reply(int status, HttpHeaders headers, byte[] bytes, Duration took) {
        this.status = status;
        this.headers = headers;
        this.bytes = bytes;
        this.took = took;
    }

    static Reply of(HttpResponse<byte[]> response, Duration took) {
        return new Reply(response.statusCode(), response.headers(), response.body(), took);
    }

    public int status() {
        return status;
    }

    /** From the first byte sent to the last one read. */
    public Duration took() {
        return took;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        try {
            return JSON.readTree(bytes);
        } catch (RuntimeException e) {
            throw new AssertionError("no JSON: " + this, e);
        }
    }

    /** The header's value, empty where it is absent. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The {@code outcome} of a problem, empty where there is none. */
    public String outcome() {
        return json().path("outcome").asString("");
    }

    @Override
    public String toString() {
        String body = text();
        return status + " in " + took.toMillis() + " ms " + headers.map() + " "
                + (body.length() > 1000 ? body.substring(0, 1000) + "…" : body);
    }
}
