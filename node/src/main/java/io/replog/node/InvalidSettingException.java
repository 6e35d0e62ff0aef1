package io.replog.node;

/** A setting that a node cannot start with. The message is one line for the person who starts it. */
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param property name of the setting
     * @param value    what it is set to
     * @param accepted what it may be set to
     */
    public InvalidSettingException(String property, String value, String accepted) {
        super(property + " is '" + value + "': " + accepted);
    }
}
