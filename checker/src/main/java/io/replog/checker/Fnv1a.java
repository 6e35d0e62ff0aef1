package io.replog.checker;

import java.nio.charset.StandardCharsets;

/** The hash of the store's {@code hash} operation, on our own: what is checked does not lend its arithmetic. */
public final class Fnv1a {
    private static final int OFFSET = 0x811c9dc5;
    private static final int PRIME = 0x01000193;

    private Fnv1a() {}

    /** FNV-1a, 32 bits, of the text in UTF-8, as an unsigned decimal number. */
    public static String hash(String text) {
        int hash = OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * PRIME;
        }
        return Integer.toUnsignedString(hash);
    }
}
