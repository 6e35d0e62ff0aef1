package io.replog.api.client;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Builds a path with a query, encoding what is put in. Not thread-safe. */
final class Target {
    private static final String UNRESERVED = "-._~";

    private final StringBuilder text;
    private boolean hasQuery;

    private Target(String path) {
        text = new StringBuilder(path);
    }

    static Target of(String path) {
        return new Target(path);
    }

    /** Appends one path segment; a slash in it is encoded too. */
    Target segment(String segment) {
        text.append('/');
        boolean dots = segment.equals(".") || segment.equals("..");
        if (dots) {
            text.append(segment.replace(".", "%2E"));
        } else {
            encode(segment);
        }
        return this;
    }

    Target path(String literal) {
        text.append(literal);
        return this;
    }

    /** Appends a query parameter; nothing where {@code value} is null. */
    Target with(String name, @Nullable Object value) {
        if (value != null) {
            text.append(hasQuery ? '&' : '?').append(name).append('=');
            encode(value.toString());
            hasQuery = true;
        }
        return this;
    }

    private void encode(String value) {
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (letter || digit || UNRESERVED.indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
