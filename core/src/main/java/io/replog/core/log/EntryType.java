package io.replog.core.log;

/** What an entry is; the code stands in the frame and never changes its meaning. */
public enum EntryType {
    MESSAGES(1),
    COMMAND(2),
    NO_OP(3),
    MEMBERSHIP(4);

    private final byte code;

    EntryType(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    /** @throws IllegalArgumentException where no type has this code */
    public static EntryType of(byte code) {
        return switch (code) {
            case 1 -> MESSAGES;
            case 2 -> COMMAND;
            case 3 -> NO_OP;
            case 4 -> MEMBERSHIP;
            default -> throw new IllegalArgumentException("unknown entry type " + code);
        };
    }

    static boolean isKnown(byte code) {
        return code >= MESSAGES.code && code <= MEMBERSHIP.code;
    }

    /** Whether it concerns the protocol itself: such entries are few, and a replica remembers all of them. */
    public boolean isControl() {
        return this == NO_OP || this == MEMBERSHIP;
    }
}
