package io.replog.node.web.message;

import io.replog.node.web.json.JsonBuffer;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * An answer of any length, sent in pieces as it is written. While others write to the log, whoever sends a long answer rests
 * now and then: a thread that has slept gets the processor only when the time slice of one that computes has come to its
 * end, and a write crosses ten threads on three nodes, each of which would wait for such an end.
 */
final class PacedAnswer {
    private static final int PIECE_BYTES = 32 << 10;

    /** About half a millisecond's work; a third of a time slice. */
    private static final int BYTES_BETWEEN_RESTS = 256 << 10;

    private static final Duration REST = Duration.ofNanos(100_000);

    /** So many after each write that is seen: where some ten come in a second, all of them are seen. */
    private static final int RESTS_FOR_A_WRITE = 200;

    private final HttpServletResponse response;
    private final LongSupplier lastIndex;
    private final JsonBuffer buffer = new JsonBuffer(1024);
    private int sinceRest;
    private long seenIndex;
    private int restsLeft;

    /** @param lastIndex of the log at this node, which grows as others write */
    PacedAnswer(HttpServletResponse response, LongSupplier lastIndex) {
        this.response = response;
        this.lastIndex = lastIndex;
        this.seenIndex = lastIndex.getAsLong();
    }

    /** To be written to; {@link #drainFullPiece} is to be called where it may have become full. */
    JsonBuffer buffer() {
        return buffer;
    }

    void drainFullPiece() throws IOException {
        if (buffer.length() < PIECE_BYTES) {
            return;
        }
        if (!response.isCommitted()) {
            response.setBufferSize(PIECE_BYTES);
            response.flushBuffer();
        }
        sinceRest += buffer.length();
        buffer.drainTo(response.getOutputStream());
        if (sinceRest >= BYTES_BETWEEN_RESTS) {
            sinceRest = 0;
            restWhileOthersWrite();
        }
    }

    private void restWhileOthersWrite() {
        long index = lastIndex.getAsLong();
        if (index != seenIndex) {
            seenIndex = index;
            restsLeft = RESTS_FOR_A_WRITE;
        }
        if (restsLeft > 0) {
            restsLeft--;
            LockSupport.parkNanos(this, REST.toNanos());
        }
    }

    /** Sends what is left, with the length of the whole where nothing was sent before. */
    void end() throws IOException {
        if (!response.isCommitted()) {
            response.setContentLength(buffer.length());
        }
        buffer.drainTo(response.getOutputStream());
    }
}
