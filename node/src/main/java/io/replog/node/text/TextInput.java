package io.replog.node.text;

import java.util.List;

/** What a client sent, as {@link CommandSplitter} and {@link CommandAggregator} give it. */
sealed interface TextInput {
    /**
     * A command.
     *
     * @param arguments its name and its arguments; at least the name
     * @param isLine    whether it came as a plain line
     * @param charged   bytes to be given back to the budget when it is answered
     */
    record Command(List<byte[]> arguments, boolean isLine, long charged) implements TextInput {}

    /** A command that was read to its end but is not worked on. */
    record Refused(Reason reason) implements TextInput {
        enum Reason {
            TOO_LARGE,
            NO_ROOM
        }
    }

    /** What came is not RESP; nothing after it can be understood. */
    record ProtocolError(String detail) implements TextInput {}
}
