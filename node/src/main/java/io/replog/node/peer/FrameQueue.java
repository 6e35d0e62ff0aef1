package io.replog.node.peer;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Frames that wait to be written to one stream, each with its length before it. Bounded; not thread-safe. */
final class FrameQueue {
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private final long maxBytes;
    private long bytes;
    private int headWritten;

    /** @param maxBytes above which further frames are refused, unless the queue is empty */
    FrameQueue(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** False where the queue is full and the frame is dropped. */
    boolean offer(byte[] frame) {
        if (bytes > 0 && bytes + frame.length > maxBytes) {
            return false;
        }
        frames.add(frame);
        bytes += FrameAssembler.PREFIX_BYTES + frame.length;
        return true;
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    void clear() {
        frames.clear();
        bytes = 0;
        headWritten = 0;
    }

    /** Puts as many of the waiting bytes into {@code target} as fit; they stay in the queue until {@link #written}. */
    void peek(ByteBuffer target) {
        int skip = headWritten;
        for (byte[] frame : frames) {
            for (; skip < FrameAssembler.PREFIX_BYTES && target.hasRemaining(); skip++) {
                target.put((byte) (frame.length >>> (24 - 8 * skip)));
            }
            if (!target.hasRemaining()) {
                return;
            }
            int offset = skip - FrameAssembler.PREFIX_BYTES;
            target.put(frame, offset, Math.min(frame.length - offset, target.remaining()));
            skip = 0;
        }
    }

    /** Takes {@code count} bytes, the first ones that {@link #peek} gave, out of the queue. */
    void written(int count) {
        int left = headWritten + count;
        bytes -= count;
        byte @Nullable [] head = frames.peek();
        while (head != null && left >= FrameAssembler.PREFIX_BYTES + head.length) {
            left -= FrameAssembler.PREFIX_BYTES + head.length;
            frames.remove();
            head = frames.peek();
        }
        headWritten = left;
    }
}
