package io.replog.node.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Splits a plain line into a command's name and arguments. The last argument takes the rest of the line, spaces and all; so
 * {@code SET k two words} needs no quotation marks, and quotation marks are nothing special.
 */
final class PlainLine {
    private PlainLine() {}

    /** Empty for a line without a command. */
    static List<byte[]> split(byte[] line) {
        List<byte[]> arguments = new ArrayList<>();
        int at = skipSpaces(line, 0);
        if (at == line.length) {
            return arguments;
        }
        int end = endOfWord(line, at);
        byte[] name = Arrays.copyOfRange(line, at, end);
        arguments.add(name);
        int words = wordsBeforeTheRest(new String(name, StandardCharsets.ISO_8859_1));
        // a text begins behind one space: further spaces are its own
        at = words == 0 && !isKeyAlone(name) ? end + 1 : skipSpaces(line, end);
        while (at < line.length && arguments.size() <= words) {
            end = endOfWord(line, at);
            arguments.add(Arrays.copyOfRange(line, at, end));
            boolean valueFollows = arguments.size() == words + 1;
            at = valueFollows ? end + 1 : skipSpaces(line, end);
        }
        // behind a space stands an argument, be it empty: SET k and a space sets k to nothing
        boolean emptyValue = at == line.length && arguments.size() == words + 1 && words > 0;
        if (at < line.length || emptyValue) {
            arguments.add(Arrays.copyOfRange(line, at, line.length));
        }
        return arguments;
    }

    /** How many arguments are single words; the one after them takes the rest of the line. */
    private static int wordsBeforeTheRest(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "PING", "ECHO", "GET", "POST" -> 0;
            case "SET", "PUT", "APPEND", "PUTHASH" -> 1;
            default -> Integer.MAX_VALUE - 1;
        };
    }

    private static boolean isKeyAlone(byte[] name) {
        return new String(name, StandardCharsets.ISO_8859_1).equalsIgnoreCase("GET");
    }

    private static int skipSpaces(byte[] line, int from) {
        int at = from;
        while (at < line.length && isSpace(line[at])) {
            at++;
        }
        return at;
    }

    private static int endOfWord(byte[] line, int from) {
        int at = from;
        while (at < line.length && !isSpace(line[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }
}
