package io.replog.core.kv;

import org.jspecify.annotations.Nullable;

/** What applying a {@link KvCommand} gave: the same on every replica, and for every repeat of the command. */
public sealed interface KvResult {
    /**
     * @param value    the key's value after the command, null after {@link KvCommand.Operation#DELETE}
     * @param previous the key's value before the command, null where it was absent
     * @param index    index of the command
     */
    record Applied(@Nullable String value, @Nullable String previous, long index) implements KvResult {}

    /** @param currentIndex index of the key's last change, 0 where the key is absent */
    record ConditionFailed(long currentIndex) implements KvResult {}

    /** The value would have grown beyond {@link KvCommand#MAX_VALUE_BYTES}: the command changed nothing. */
    record ValueTooLarge() implements KvResult {}

    /**
     * The command was applied, once, so long ago that the values it gave are kept no more (see
     * {@code core.session.SessionTable}). Answers repeats alone.
     *
     * @param index index of the command
     */
    record Forgotten(long index) implements KvResult {}
}
