package io.replog.checker;

/**
 * A key's value together with the index of the log at which it got it, as a write or a read was told.
 *
 * @param id      of the operation that was told so
 * @param process who asked
 * @param key     the key
 * @param index   where the key was changed last
 * @param value   what it was changed to
 * @param atLeast a read: the index that the node was to have ({@code min_index}), at which the process itself had changed
 *                the key; 0 where none was asked for
 */
public record KeyVersion(long id, String process, String key, long index, String value, long atLeast) {
    @Override
    public String toString() {
        return "#" + id + " by " + process + " saw " + Texts.quote(value) + " in " + Texts.quote(key) + " at index "
                + index;
    }
}
