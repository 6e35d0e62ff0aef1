package io.replog.node.text;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import io.replog.core.kv.KvLine;
import io.replog.core.kv.KvMap;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * All entries of one version of the map as lines, made piece by piece as the client takes them. In RESP it is a bulk string,
 * whose length must stand before it: the map is gone through once for that.
 */
final class KvDump implements ChunkedInput<ByteBuf> {
    private static final int PIECE_BYTES = 32 << 10;

    private final Iterator<KvMap.Entry> entries;
    private final byte[] ending;
    private byte @Nullable [] beginning;
    private boolean ended;
    private long progress;

    private KvDump(KvMap map, byte @Nullable [] beginning, byte[] ending) {
        this.entries = map.iterator();
        this.beginning = beginning;
        this.ending = ending;
    }

    /** Bare lines, then an empty one. */
    static KvDump asLines(KvMap map) {
        return new KvDump(map, null, ascii("\n"));
    }

    static KvDump asBulkString(KvMap map) {
        long length = 0;
        for (KvMap.Entry entry : map) {
            length += KvLine.of(entry).length + 1;
        }
        return new KvDump(map, ascii("$" + length + "\r\n"), ascii("\r\n"));
    }

    @Override
    public boolean isEndOfInput() {
        return ended;
    }

    @Override
    public void close() {
        ended = true;
    }

    @SuppressWarnings("deprecation") // the interface still has it
    @Override
    public ByteBuf readChunk(ChannelHandlerContext context) {
        return readChunk(context.alloc());
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) {
        ByteBuf piece = allocator.buffer(PIECE_BYTES + 1024);
        if (beginning != null) {
            piece.writeBytes(beginning);
            beginning = null;
        }
        while (entries.hasNext() && piece.readableBytes() < PIECE_BYTES) {
            piece.writeBytes(KvLine.of(entries.next()));
            piece.writeByte('\n');
        }
        if (!entries.hasNext()) {
            piece.writeBytes(ending);
            ended = true;
        }
        progress += piece.readableBytes();
        return piece;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public long progress() {
        return progress;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
