package io.replog.node.text;

import io.replog.core.statemachine.StateMachineView;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;

/** What a command asks to be done. */
sealed interface Work {
    /** Answered at once, in its turn. */
    record Immediate(Reply reply) implements Work {}

    /** Reads a state that has all that was acknowledged before the command came. */
    record Read(Function<StateMachineView, Reply> read) implements Work {}

    /**
     * Reads what this node has; may block.
     *
     * @param read gets the index up to which the connection has written
     */
    record LocalRead(LongFunction<Reply> read) implements Work {}

    /** @param answer gets an answer for each of {@code requests}, which are appended in this order */
    record Write(List<WriteRequest> requests, Function<List<WriteAnswer>, Reply> answer) implements Work {}

    /** The last command of the connection. */
    record Quit(Reply reply) implements Work {}

    /** Commands of one kind may be worked on side by side; another kind waits until those before it are answered. */
    enum Kind {
        ANY,
        READ,
        WRITE
    }

    default Kind kind() {
        return switch (this) {
            case Immediate _, Quit _ -> Kind.ANY;
            case Read _, LocalRead _ -> Kind.READ;
            case Write _ -> Kind.WRITE;
        };
    }
}
