package io.replog.api.client;

import java.io.IOException;
import java.net.SocketTimeoutException;

/** Decides how long to wait for a silent connection. */
interface Patience {
    /** How long to wait for the next byte before {@link #onSilence} is asked, in milliseconds, at least 1. */
    int sliceMillis();

    /**
     * No byte came for a slice. Returns to go on waiting.
     *
     * @throws IOException to give up
     */
    void onSilence() throws IOException;

    /** Waits until {@code deadline}. */
    static Patience until(Deadline deadline) {
        return new Patience() {
            @Override
            public int sliceMillis() {
                return Math.clamp(deadline.remainingMillis(), 1, Integer.MAX_VALUE);
            }

            @Override
            public void onSilence() throws IOException {
                if (deadline.passed()) {
                    throw new SocketTimeoutException("no answer in time");
                }
            }
        };
    }
}
