package io.replog.checker;

import org.jspecify.annotations.Nullable;

/**
 * One operation on a key, from the client's call to its answer.
 *
 * @param id          unique in the history
 * @param process     who asked
 * @param kind        what was asked for
 * @param key         on which key
 * @param argument    operand; empty for {@link Kind#GET} and {@link Kind#DELETE}
 * @param status      how it ended
 * @param observation what the answer told of the key, null where it told nothing
 * @param invoked     when it was asked for, on one clock for the whole history
 * @param completed   when it was answered; without meaning for {@link Status#UNKNOWN}
 */
public record KvOperation(
        long id,
        String process,
        Kind kind,
        String key,
        String argument,
        Status status,
        @Nullable Observation observation,
        long invoked,
        long completed) {

    /** The operations of the store, as the contract has them. */
    public enum Kind {
        GET,
        PUT,
        /** Concatenates; an absent key counts as empty. */
        APPEND,
        /** Sets the key to the unsigned decimal FNV-1a 32-bit hash of UTF-8(previous + argument). */
        HASH,
        DELETE
    }

    /**
     * The key's value at the moment when the operation took effect: what a get returned, or the {@code previous} of a
     * write.
     *
     * @param value null where the key was absent
     */
    public record Observation(@Nullable String value) {
        /** The key was absent. */
        public static final Observation ABSENT = new Observation(null);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(64)
                .append('#')
                .append(id)
                .append(' ')
                .append(process)
                .append(' ')
                .append(kind)
                .append(' ')
                .append(Texts.quote(key));
        if (kind != Kind.GET && kind != Kind.DELETE) {
            text.append(' ').append(Texts.quote(argument));
        }
        if (observation != null) {
            text.append(" saw ").append(Texts.quote(observation.value()));
        }
        text.append(' ').append(status).append(" [").append(invoked).append(", ");
        return text.append(status == Status.UNKNOWN ? "…" : completed)
                .append(']')
                .toString();
    }
}
