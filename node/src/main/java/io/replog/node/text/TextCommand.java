package io.replog.node.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The commands, how they are called, and how many arguments they take. */
enum TextCommand {
    PING(0, 1, Keys.NONE, "PING [text]"),
    ECHO(1, 1, Keys.NONE, "ECHO text"),
    SET(2, 2, Keys.WRITTEN, "SET key value"),
    PUT(2, 2, Keys.WRITTEN, "PUT key value"),
    GET(1, 1, Keys.READ, "GET key"),
    APPEND(2, 2, Keys.WRITTEN, "APPEND key value"),
    PUTHASH(2, 2, Keys.WRITTEN, "PUTHASH key value"),
    DEL(1, Integer.MAX_VALUE, Keys.WRITTEN, "DEL key [key …]"),
    DUMP(0, 0, Keys.NONE, "DUMP"),
    DBSIZE(0, 0, Keys.NONE, "DBSIZE"),
    INFO(0, Integer.MAX_VALUE, Keys.NONE, "INFO"),
    POST(1, 1, Keys.NONE, "POST text"),
    RANGE(2, 2, Keys.NONE, "RANGE from count"),
    HELLO(0, Integer.MAX_VALUE, Keys.NONE, "HELLO [2]"),
    COMMAND(0, Integer.MAX_VALUE, Keys.NONE, "COMMAND"),
    CLIENT(1, Integer.MAX_VALUE, Keys.NONE, "CLIENT SETINFO|SETNAME|ID …"),
    CONFIG(1, Integer.MAX_VALUE, Keys.NONE, "CONFIG GET name"),
    SELECT(1, 1, Keys.NONE, "SELECT 0"),
    QUIT(0, Integer.MAX_VALUE, Keys.NONE, "QUIT");

    private enum Keys {
        NONE,
        READ,
        WRITTEN
    }

    /** By their names in upper case. */
    private static final Map<String, TextCommand> ALL =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(TextCommand::name, Function.identity()));

    private final int least;
    private final int most;
    private final Keys keys;
    private final String usage;

    /**
     * @param least arguments, the name not among them
     * @param most  arguments
     */
    TextCommand(int least, int most, Keys keys, String usage) {
        this.least = least;
        this.most = most;
        this.keys = keys;
        this.usage = usage;
    }

    /** The command of this name in upper or lower case, null where there is none. */
    static @Nullable TextCommand of(byte[] name) {
        String text = Words.ascii(name);
        TextCommand command = ALL.get(text);
        return command == null ? ALL.get(text.toUpperCase(Locale.ROOT)) : command;
    }

    /** Whether it may have as many arguments as {@code words} are, the name among them. */
    boolean accepts(List<byte[]> words) {
        return words.size() > least && words.size() - 1 <= most;
    }

    /** Accepted arguments, in words. */
    String usage() {
        return usage;
    }

    /** As clients of Redis are told it. */
    String lowerCaseName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Number of words; negative where there may be more. */
    int arity() {
        return least == most ? least + 1 : -(least + 1);
    }

    boolean hasKeys() {
        return keys != Keys.NONE;
    }

    boolean hasManyKeys() {
        return hasKeys() && most == Integer.MAX_VALUE;
    }

    boolean writes() {
        return keys == Keys.WRITTEN || this == POST;
    }
}
