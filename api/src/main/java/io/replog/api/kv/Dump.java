package io.replog.api.kv;

import java.util.List;

/**
 * Answer of {@code GET /kv}: one consistent state of the answering node.
 *
 * @param index   last index that the state reflects
 * @param entries sorted by the UTF-8 bytes of the key
 */
public record Dump(long index, List<Pair> entries) {

    /** A key and its value. */
    public record Pair(String key, String value) {}
}
