package io.replog.cli.demo;

import java.nio.charset.StandardCharsets;

/** The hash of the store's {@code hash} operation, computed by the client on its own. */
final class Fnv1a {
    private static final int OFFSET = 0x811c9dc5;
    private static final int PRIME = 0x01000193;

    private Fnv1a() {}

    /** FNV-1a, 32 bits, as an unsigned decimal number. */
    static String hash(String text) {
        int hash = OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * PRIME;
        }
        return Integer.toUnsignedString(hash);
    }
}
