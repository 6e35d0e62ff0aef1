package io.replog.storage;

/**
 * A running 64-bit checksum over the entries of a log. Each entry goes in by its term, its last index and the checksum of
 * its frame, so it does not depend on how the entries lie in files. It finds differences; it does not withstand forgery.
 */
final class Digest {
    /** Before the first entry. */
    static final long EMPTY = 0;

    private Digest() {}

    static long after(long digest, long term, long lastIndex, int crc) {
        return mix(mix(mix(digest + 0x9E3779B97F4A7C15L) ^ term) ^ lastIndex) ^ mix(crc & 0xFFFFFFFFL);
    }

    /** The finaliser of MurmurHash3: every bit of the input changes about half of the output's. */
    private static long mix(long value) {
        long mixed = value;
        mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
