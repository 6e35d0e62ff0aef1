package io.replog.api.log;

/**
 * Answer of {@code GET /log/digest}.
 *
 * @param index  up to here
 * @param digest checksum over all entries up to it, sixteen hexadecimal digits
 */
public record LogDigest(long index, String digest) {}
