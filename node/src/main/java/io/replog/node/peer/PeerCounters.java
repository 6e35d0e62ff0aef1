package io.replog.node.peer;

import java.util.concurrent.atomic.AtomicLong;

/** Counts of one peer's streams since the start. Written by the transport's thread, read by any. */
public final class PeerCounters {
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();

    /** Streams that were opened to the peer. */
    public long opened() {
        return opened.get();
    }

    /** Streams that broke, or tries to open one that failed; each is followed by another try. */
    public long failed() {
        return failed.get();
    }

    /** Messages that were dropped because the peer was away or took them too slowly. */
    public long dropped() {
        return dropped.get();
    }

    public long sentBytes() {
        return sentBytes.get();
    }

    void countOpened() {
        opened.setRelease(opened.getPlain() + 1);
    }

    void countFailed() {
        failed.setRelease(failed.getPlain() + 1);
    }

    void countDropped() {
        dropped.setRelease(dropped.getPlain() + 1);
    }

    void countSent(int bytes) {
        sentBytes.setRelease(sentBytes.getPlain() + bytes);
    }
}
