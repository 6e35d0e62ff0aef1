package io.replog.core.kv;

import io.replog.core.bytes.BytesOut;
import java.nio.charset.StandardCharsets;

/**
 * Keys and values as bytes and as text. Text is UTF-8; bytes that are not UTF-8 survive the way there and back as well: such a
 * byte {@code b} stands in the text as the lone surrogate {@code U+DC00 + b}, which no valid text contains.
 */
public final class KvText {
    private static final char ESCAPE = '\uDC00';

    private KvText() {}

    /** The bytes that {@code text} stands for. Lone surrogates that stand for no byte become {@code '?'}. */
    public static byte[] toBytes(String text) {
        return hasEscapes(text) ? unescape(text) : text.getBytes(StandardCharsets.UTF_8);
    }

    public static String fromBytes(byte[] bytes) {
        return fromBytes(bytes, 0, bytes.length);
    }

    public static String fromBytes(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : escape(bytes, offset, offset + length);
    }

    /** Whether {@code text} is text, with no byte in it that is not UTF-8, and no lone surrogate. */
    public static boolean isWellFormed(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!isPairAt(text, i)) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static boolean hasEscapes(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (isPairAt(text, i)) {
                    i++;
                } else if (isEscape(c)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isPairAt(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }

    private static boolean isEscape(char c) {
        return c >= ESCAPE + 0x80 && c <= ESCAPE + 0xff;
    }

    private static byte[] unescape(String text) {
        BytesOut out = new BytesOut(text.length() + 16);
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isPairAt(text, i)) {
                i++;
            } else if (isEscape(text.charAt(i))) {
                out.raw(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
                out.u8(text.charAt(i) - ESCAPE);
                from = i + 1;
            }
        }
        out.raw(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return out.toBytes();
    }

    private static String escape(byte[] bytes, int from, int limit) {
        StringBuilder text = new StringBuilder(limit - from);
        int i = from;
        while (i < limit) {
            int length = sequenceLength(bytes, i, limit);
            if (length == 0) {
                text.append((char) (ESCAPE + (bytes[i] & 0xff)));
                i++;
            } else {
                text.append(new String(bytes, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return text.toString();
    }

    /** Length of the well-formed sequence at {@code i} (Unicode, table 3-7), 0 where there is none. */
    private static int sequenceLength(byte[] bytes, int i, int limit) {
        int first = bytes[i] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (length == 0 || i + length > limit) {
            return 0;
        }
        int second = bytes[i + 1] & 0xff;
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int k = 2; k < length; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
