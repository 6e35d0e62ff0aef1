package io.replog.node.web.http;

import io.replog.api.Durations;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query. Read from the query alone, so that a body is never taken for parameters. Immutable.
 */
public final class QueryParameters {
    private static final QueryParameters NONE = new QueryParameters(Map.of());
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Map<String, String> values;

    private QueryParameters(Map<String, String> values) {
        this.values = values;
    }

    /** @throws ProblemException 400 where a parameter is there twice or its encoding is broken */
    public static QueryParameters of(HttpServletRequest request) {
        String query = request.getQueryString();
        return query == null || query.isEmpty() ? NONE : parse(query);
    }

    static QueryParameters parse(String query) {
        Map<String, String> values = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (values.put(name, value) != null) {
                throw ProblemException.badRequest("'" + name + "' is there twice: accepted is once");
            }
        }
        return new QueryParameters(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("the query is not well encoded: " + e.getMessage());
        }
    }

    public @Nullable String text(String name) {
        return values.get(name);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether the parameter is there as {@code true}, or without a value. */
    public boolean flag(String name) {
        String value = values.get(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.isEmpty() || value.equals("true")) {
            return true;
        }
        throw ProblemException.badRequest("'" + name + "' is '" + value + "': accepted are true and false");
    }

    /**
     * A whole number of at least {@code least}.
     *
     * @param otherwise where the parameter is absent
     */
    public long number(String name, long least, long otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value.matches("[0-9]{1,18}")) {
            long number = Long.parseLong(value);
            if (number >= least) {
                return number;
            }
        }
        throw ProblemException.badRequest(
                "'" + name + "' is '" + value + "': accepted is a whole number from " + least);
    }

    /** A duration with its unit, at most a year; null where the parameter is absent. */
    public @Nullable Duration duration(String name) {
        String value = values.get(name);
        if (value == null) {
            return null;
        }
        try {
            Duration duration = Durations.parse(value);
            return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("'" + name + "' is " + e.getMessage());
        }
    }
}
