package io.replog.checker;

import org.jspecify.annotations.Nullable;

/** Values as they stand in messages. */
final class Texts {
    private static final int LONGEST = 60;

    private Texts() {}

    static String quote(@Nullable String value) {
        if (value == null) {
            return "(absent)";
        }
        if (value.length() <= LONGEST) {
            return "\"" + value + "\"";
        }
        int half = LONGEST / 2;
        return "\"" + value.substring(0, half) + "…" + value.substring(value.length() - half) + "\" (" + value.length()
                + " characters)";
    }
}
