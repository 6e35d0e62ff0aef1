package io.replog.node.web.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the tokens of one small JSON text (RFC 8259) where they stand, strings straight into UTF-8. Strict: control
 * characters, malformed UTF-8 and lone surrogates are refused, since they could not be given back as they came.
 * Not thread-safe.
 */
final class JsonReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    JsonReader(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /** Skips white space, and then {@code wanted} where it stands there; whether it did. */
    boolean skip(char wanted) {
        skipWhitespace();
        if (at < end && bytes[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    /** Skips white space and {@code wanted}, which must stand there. */
    void expect(char wanted, String where) {
        if (!skip(wanted)) {
            throw malformed("expected '" + wanted + "' " + where);
        }
    }

    /** Nothing but white space may follow. */
    void expectEnd() {
        skipWhitespace();
        if (at < end) {
            throw malformed("nothing may follow the JSON object");
        }
    }

    /** Whether a string begins behind the white space. */
    boolean atString() {
        skipWhitespace();
        if (at == end) {
            throw malformed("it ends too early");
        }
        return bytes[at] == '"';
    }

    /** The UTF-8 of the string that begins here. */
    byte[] string() {
        expect('"', "at the beginning of a string");
        int from = at;
        while (at < end) {
            int b = bytes[at];
            if (b == '"') {
                return Arrays.copyOfRange(bytes, from, at++);
            }
            if (b == '\\') {
                return stringWithEscapes(from);
            }
            skipCharacter(b);
        }
        throw malformed("a string does not end");
    }

    /** A number, {@code true}, {@code false} or {@code null} as it stands; empty where none of them does. */
    String bareToken() {
        skipWhitespace();
        int from = at;
        while (at < end && isTokenByte(bytes[at])) {
            at++;
        }
        return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    }

    MalformedJsonException malformed(String what) {
        return new MalformedJsonException("malformed JSON at byte " + at + ": " + what);
    }

    private byte[] stringWithEscapes(int from) {
        // What an escape stands for is never longer than the escape.
        byte[] target = new byte[lengthBound(from)];
        int length = at - from;
        System.arraycopy(bytes, from, target, 0, length);
        while (at < end) {
            int b = bytes[at];
            if (b == '"') {
                at++;
                return Arrays.copyOf(target, length);
            }
            if (b == '\\') {
                length = escape(target, length);
            } else {
                int start = at;
                skipCharacter(b);
                while (start < at) {
                    target[length++] = bytes[start++];
                }
            }
        }
        throw malformed("a string does not end");
    }

    /** Distance to the quotation mark that ends the string. */
    private int lengthBound(int from) {
        int i = at;
        while (i < end && bytes[i] != '"') {
            i += bytes[i] == '\\' ? 2 : 1;
        }
        return Math.min(i, end) - from;
    }

    private void skipCharacter(int b) {
        if (b >= 0x20) {
            at++;
        } else if (b >= 0) {
            throw malformed("a control character in a string must be escaped");
        } else {
            int length = Utf8.sequenceLength(bytes, at, end);
            if (length == 0) {
                throw malformed("invalid UTF-8");
            }
            at += length;
        }
    }

    private int escape(byte[] target, int length) {
        if (at + 1 >= end) {
            throw malformed("a string does not end");
        }
        int code = bytes[at + 1];
        int plain =
                switch (code) {
                    case '"', '\\', '/' -> code;
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'u' -> -1;
                    default -> throw malformed("unknown escape");
                };
        if (plain >= 0) {
            target[length] = (byte) plain;
            at += 2;
            return length + 1;
        }
        int unit = hexUnit(at + 2);
        if (Character.isLowSurrogate((char) unit)) {
            throw malformed("a lone surrogate is no character");
        }
        if (!Character.isHighSurrogate((char) unit)) {
            at += 6;
            return put(target, length, unit);
        }
        boolean followed = at + 7 < end && bytes[at + 6] == '\\' && bytes[at + 7] == 'u';
        int low = followed ? hexUnit(at + 8) : 0;
        if (!followed || !Character.isLowSurrogate((char) low)) {
            throw malformed("a lone surrogate is no character");
        }
        at += 12;
        return put(target, length, Character.toCodePoint((char) unit, (char) low));
    }

    private int hexUnit(int from) {
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < end ? Character.digit(bytes[i], 16) : -1;
            if (digit < 0) {
                throw malformed("\\u needs four hexadecimal digits");
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    private static int put(byte[] target, int length, int codePoint) {
        int next = length;
        if (codePoint < 0x80) {
            target[next++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            target[next++] = (byte) (0xc0 | codePoint >> 6);
            target[next++] = continuation(codePoint);
        } else if (codePoint < 0x10000) {
            target[next++] = (byte) (0xe0 | codePoint >> 12);
            target[next++] = continuation(codePoint >> 6);
            target[next++] = continuation(codePoint);
        } else {
            target[next++] = (byte) (0xf0 | codePoint >> 18);
            target[next++] = continuation(codePoint >> 12);
            target[next++] = continuation(codePoint >> 6);
            target[next++] = continuation(codePoint);
        }
        return next;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }

    private void skipWhitespace() {
        while (at < end) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            at++;
        }
    }

    private static boolean isTokenByte(byte b) {
        return Character.isLetterOrDigit(b) || b == '-' || b == '+' || b == '.';
    }
}
