package io.replog.cli;

import org.jspecify.annotations.Nullable;

/** What a key was before. */
final class Previous {
    private Previous() {}

    static String describe(@Nullable String previous) {
        return previous == null ? " (was absent)" : " (was " + previous + ")";
    }
}
