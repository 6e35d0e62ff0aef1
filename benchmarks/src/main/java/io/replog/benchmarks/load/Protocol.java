package io.replog.benchmarks.load;

import java.nio.ByteBuffer;

/** What a connection says, and how it knows that it has been answered. One for each connection: it may keep state. */
interface Protocol {
    /** The next request, ready to be written; the buffer may be reused once the answer has come. */
    ByteBuffer nextRequest();

    /**
     * Looks for a whole answer at the start of {@code received}.
     *
     * @return bytes of the answer, or -1 where it is not complete yet
     * @throws UnexpectedAnswerException where the answer is not the one that counts as done
     */
    int answerLength(byte[] received, int length);

    /** The server answered with something else than success. */
    final class UnexpectedAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnexpectedAnswerException(String answer) {
            super(answer);
        }
    }
}
