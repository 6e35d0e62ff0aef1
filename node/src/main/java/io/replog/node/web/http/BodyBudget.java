package io.replog.node.web.http;

import io.replog.api.problem.ProblemType;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory that large request bodies take together. Thread-safe. */
public final class BodyBudget {
    /** Bodies up to here are not counted: the number of connections bounds them. */
    private static final long FREE_BYTES = 64 * 1024;

    private final AtomicLong left;

    public BodyBudget(long maxBytes) {
        left = new AtomicLong(maxBytes);
    }

    /** To be closed when the body is no longer in use. */
    public Lease lease() {
        return new Lease();
    }

    /** What one request has taken. Not thread-safe. */
    public final class Lease implements AutoCloseable {
        private long wanted;
        private long taken;

        private Lease() {}

        /** @throws ProblemException 429 where so much is taken that these bytes have no room */
        void charge(long bytes) {
            wanted += bytes;
            long missing = wanted <= FREE_BYTES ? 0 : wanted - taken;
            if (missing == 0) {
                return;
            }
            if (left.addAndGet(-missing) < 0) {
                left.addAndGet(missing);
                throw ProblemException.of(
                        ProblemType.OVERLOADED, "too many large bodies are being worked on: try again");
            }
            taken += missing;
        }

        @Override
        public void close() {
            left.addAndGet(taken);
            taken = 0;
            wanted = 0;
        }
    }
}
