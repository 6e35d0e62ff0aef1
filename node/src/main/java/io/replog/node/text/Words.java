package io.replog.node.text;

import java.nio.charset.StandardCharsets;

/** Words of a command that are no keys and no values. */
final class Words {
    private static final int MAX_SHOWN = 64;

    private Words() {}

    /** A character for each byte. */
    static String ascii(byte[] word) {
        return new String(word, StandardCharsets.ISO_8859_1);
    }

    /** What a client sent, short and printable. */
    static String shown(byte[] word) {
        String text = ascii(word).replaceAll("[^\\x20-\\x7e]", "?");
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}
