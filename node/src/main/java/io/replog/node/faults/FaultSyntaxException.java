package io.replog.node.faults;

/** The body of {@code PUT /faults} is not understood; the message names the field and what is accepted. */
final class FaultSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FaultSyntaxException(String message) {
        super(message);
    }
}
