package io.replog.node.text;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.replog.node.text.TextInput.Refused.Reason;
import java.util.List;

/**
 * Tells plain lines from arrays, in any order on one connection. Lines are read here; the bytes of an array go on to Netty's
 * {@code RedisDecoder}, never beyond the array's end, of which {@link CommandAggregator} knows. Left to itself that decoder takes
 * no line that ends in a line feed alone, as {@code echo DUMP | nc} sends it, and makes UTF-8 of a line's bytes. A line that is
 * too long is read over, not kept, so that it can be answered and the next command be read.
 */
final class CommandSplitter extends ByteToMessageDecoder {
    /** The longest line with a length in an array: a type, a sign, a number, and the line's end. */
    static final int MAX_LENGTH_LINE = 32;

    private static final int LINE_END_BYTES = 2;

    private final CommandAggregator arrays;
    private final int maxLineBytes;
    /** Strings that were left of the array when the last one's length was handed on. */
    private int announced;

    private boolean skippingLine;
    private long begunNanos;
    private long commandsBefore;

    /** @param arrays behind the decoder of the bytes that this one hands on */
    CommandSplitter(TextPortSettings settings, CommandAggregator arrays) {
        this.arrays = arrays;
        this.maxLineBytes = settings.maxLineBytes();
    }

    /** Whether a command has begun to arrive before {@code nanos}, on {@link System#nanoTime()}'s clock, and not ended. */
    boolean isStalledSince(long nanos) {
        return begunNanos != 0 && begunNanos - nanos < 0;
    }

    /** What has begun to arrive gets all its time anew: nothing is read for now. */
    void restartClock() {
        begunNanos = begunNanos == 0 ? 0 : now();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (arrays.isBroken()) {
            in.skipBytes(in.readableBytes());
        } else if (arrays.isWithinArray()) {
            arrayGoesOn(in, out);
        } else if (skippingLine) {
            skipLine(in, out);
        } else if (in.getByte(in.readerIndex()) == '*') {
            announced = 0;
            handOn(in, lengthLine(in, 0), out);
        } else {
            line(in, out);
        }
    }

    /** The end of the input ends a last line too. */
    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        boolean isLine = !arrays.isBroken() && !arrays.isWithinArray() && !skippingLine && in.isReadable();
        if (isLine && in.getByte(in.readerIndex()) != '*') {
            command(in.readSlice(in.readableBytes()), out);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        boolean within = arrays.isWithinArray() || skippingLine || actualReadableBytes() > 0;
        if (!within || arrays.isBroken()) {
            begunNanos = 0;
        } else if (begunNanos == 0 || arrays.commands() != commandsBefore) {
            begunNanos = now();
        }
        commandsBefore = arrays.commands();
        super.channelReadComplete(context);
    }

    private static long now() {
        return System.nanoTime() | 1;
    }

    /** Hands on what there is of a string, then its end and the line that follows. */
    private void arrayGoesOn(ByteBuf in, List<Object> out) {
        int strings = arrays.stringsLeft();
        // of an empty string the decoder says nothing before its end
        int bytes = strings == announced ? Math.max(0, arrays.stringBytesLeft()) : -1;
        if (bytes < 0) {
            handOn(in, announcement(in, 0, strings), out);
        } else if (in.readableBytes() < bytes + LINE_END_BYTES) {
            handOn(in, Math.min(bytes, in.readableBytes()), out);
        } else {
            int end = bytes + LINE_END_BYTES;
            handOn(in, strings == 1 ? end : end + announcement(in, end, strings - 1), out);
        }
    }

    private int announcement(ByteBuf in, int offset, int strings) {
        int length = lengthLine(in, offset);
        if (length > 0) {
            announced = strings;
        }
        return length;
    }

    private static void handOn(ByteBuf in, int length, List<Object> out) {
        if (length > 0) {
            out.add(in.readRetainedSlice(length));
        }
    }

    /**
     * Bytes of the line with a length that begins {@code offset} behind what is read; 0 where its end is not there yet. One that
     * is too long, or too short to have a number, is refused where it goes to.
     */
    private static int lengthLine(ByteBuf in, int offset) {
        int begin = in.readerIndex() + offset;
        int limit = Math.min(in.writerIndex(), begin + MAX_LENGTH_LINE);
        int end = in.indexOf(Math.min(begin + LINE_END_BYTES, limit), limit, (byte) '\n');
        if (end >= 0) {
            return end + 1 - begin;
        }
        return limit - begin == MAX_LENGTH_LINE ? MAX_LENGTH_LINE : 0;
    }

    private void line(ByteBuf in, List<Object> out) {
        int end = in.bytesBefore((byte) '\n');
        if (end < 0 && in.readableBytes() > maxLineBytes) {
            in.skipBytes(in.readableBytes());
            skippingLine = true;
        } else if (end > maxLineBytes) {
            in.skipBytes(end + 1);
            out.add(new TextInput.Refused(Reason.TOO_LARGE));
        } else if (end >= 0) {
            command(in.readSlice(end), out);
            in.skipBytes(1);
        }
    }

    private void skipLine(ByteBuf in, List<Object> out) {
        int end = in.bytesBefore((byte) '\n');
        in.skipBytes(end < 0 ? in.readableBytes() : end + 1);
        if (end >= 0) {
            skippingLine = false;
            out.add(new TextInput.Refused(Reason.TOO_LARGE));
        }
    }

    private static void command(ByteBuf line, List<Object> out) {
        int length = line.readableBytes();
        if (length > 0 && line.getByte(line.readerIndex() + length - 1) == '\r') {
            length--;
        }
        byte[] bytes = new byte[length];
        line.readBytes(bytes);
        List<byte[]> arguments = PlainLine.split(bytes);
        if (!arguments.isEmpty()) {
            out.add(new TextInput.Command(arguments, true, 0));
        }
    }
}
