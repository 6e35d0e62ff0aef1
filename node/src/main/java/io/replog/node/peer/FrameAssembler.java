package io.replog.node.peer;

import io.replog.core.protocol.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of bytes into frames: a length (u32, big-endian), then as many bytes. Not thread-safe. */
final class FrameAssembler {
    /** Bytes of the length before a frame. */
    static final int PREFIX_BYTES = 4;

    private final int maxFrameBytes;
    private int length;
    private int lengthBytes;
    private byte @Nullable [] frame;
    private int filled;

    /** @param maxFrameBytes of a frame that can be right; bounds the memory that a stream can take */
    FrameAssembler(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * @param frames is given each frame that is complete, an empty one for a length of 0
     * @throws MalformedMessageException where a frame is longer than can be right
     */
    void feed(ByteBuffer bytes, Consumer<byte[]> frames) {
        while (bytes.hasRemaining()) {
            byte[] current = frame;
            if (current == null) {
                length = (length << 8) | (bytes.get() & 0xff);
                if (++lengthBytes < PREFIX_BYTES) {
                    continue;
                }
                if (length < 0 || length > maxFrameBytes) {
                    throw new MalformedMessageException("a frame of " + Integer.toUnsignedString(length)
                            + " bytes; accepted are up to " + maxFrameBytes);
                }
                current = new byte[length];
                frame = current;
            }
            int part = Math.min(bytes.remaining(), current.length - filled);
            bytes.get(current, filled, part);
            filled += part;
            if (filled == current.length) {
                frame = null;
                filled = 0;
                length = 0;
                lengthBytes = 0;
                frames.accept(current);
            }
        }
    }
}
