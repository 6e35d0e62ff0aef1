package io.replog.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses what was meant by a word that is not known. */
final class Suggestion {
    private Suggestion() {}

    /** {@code , did you mean 'x'?}, or nothing where no word is near enough. */
    static String of(String word, Collection<String> known) {
        String near = nearest(word.toLowerCase(Locale.ROOT), known);
        return near == null ? "" : ", did you mean '" + near + "'?";
    }

    /** Nearer than half of the word: any other guess would be about something else. */
    private static @Nullable String nearest(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(other -> distance(word, other)))
                .filter(other -> distance(word, other) <= Math.max(1, word.length() / 2))
                .orElse(null);
    }

    /** How many letters have to be put in, taken out, replaced, or exchanged with their neighbours. */
    private static int distance(String one, String other) {
        int[][] distance = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int least = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
                least = Math.min(least, distance[i - 1][j - 1] + same);
                boolean exchanged = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                distance[i][j] = exchanged ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
            }
        }
        return distance[one.length()][other.length()];
    }
}
