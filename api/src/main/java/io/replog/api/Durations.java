package io.replog.api;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as requests carry them: a whole number and its unit, {@code 500ms}, {@code 5s}, {@code 1m}. */
public final class Durations {
    /** What is accepted, for error messages. */
    public static final String ACCEPTED = "accepted is a whole number with its unit, ms, s, m or h: 500ms, 5s, 1m";

    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private Durations() {}

    /** @throws IllegalArgumentException where the text is not such a duration; says what is accepted */
    public static Duration parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "': " + ACCEPTED);
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** The shortest text that {@link #parse} reads as {@code duration}, in whole milliseconds. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
