package io.replog.node.text;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands: RESP arrays of bulk strings, and plain lines, in any order on one connection. Netty's {@code RedisDecoder}
 * does not serve here: it takes no line that ends in a line feed alone, as {@code echo DUMP | nc} sends it, and bounds
 * neither the lines of lengths nor what commands take together. What is too large is read over, not kept, so that it can be
 * answered and the next command be read.
 */
final class CommandDecoder extends ByteToMessageDecoder {
    /** The longest line with a length: a sign, a type and a number. */
    private static final int MAX_LENGTH_LINE = 32;

    /** The longest bulk string that is read over; as the longest of Redis. */
    private static final int MAX_SKIPPED_BYTES = 512 << 20;

    private final int maxBulkBytes;
    private final int maxLineBytes;
    private final int maxArguments;
    private final ByteBudget budget;

    /** Arguments of the array that is being read; null at the beginning of a command. */
    private @Nullable List<byte[]> arguments;

    private int argumentsLeft;
    /** Length of the bulk string that is being read; negative where its length has not been read. */
    private long bulkLength = -1;

    private long skipLeft;
    private boolean skippingLine;
    private long commandBytes;
    private long charged;
    private TextInput.Refused.@Nullable Reason refusal;
    private boolean broken;
    private long begunNanos;

    CommandDecoder(TextPortSettings settings, ByteBudget budget) {
        this.maxBulkBytes = settings.maxValueBytes();
        this.maxLineBytes = settings.maxLineBytes();
        this.maxArguments = TextPortSettings.MAX_ARGUMENTS;
        this.budget = budget;
    }

    /** Whether a command has begun to arrive before {@code nanos}, on {@link System#nanoTime()}'s clock, and not ended. */
    boolean isStalledSince(long nanos) {
        return begunNanos != 0 && begunNanos - nanos < 0;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int before = out.size();
        try {
            while (step(in, out)) {
                if (out.size() > before) {
                    break;
                }
            }
        } catch (ProtocolException e) {
            broken = true;
            in.skipBytes(in.readableBytes());
            giveBack();
            out.add(new TextInput.ProtocolError(String.valueOf(e.getMessage())));
        }
        boolean within = arguments != null || skippingLine || (in.isReadable() && out.size() == before);
        begunNanos = !within || broken ? 0 : begunNanos == 0 ? System.nanoTime() | 1 : begunNanos;
    }

    /** The end of the input ends a last line too. */
    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        while (in.isReadable()) {
            int readable = in.readableBytes();
            decode(context, in, out);
            if (in.readableBytes() == readable) {
                break;
            }
        }
        if (!broken && arguments == null && !skippingLine && in.isReadable() && in.getByte(in.readerIndex()) != '*') {
            line(in.readSlice(in.readableBytes()), out);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        giveBack();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        giveBack();
    }

    /** Whether it got ahead; false where more must arrive first. */
    private boolean step(ByteBuf in, List<Object> out) throws ProtocolException {
        if (skipLeft > 0) {
            int skipped = (int) Math.min(skipLeft, in.readableBytes());
            in.skipBytes(skipped);
            skipLeft -= skipped;
            return skipped > 0;
        }
        if (skippingLine) {
            return skipLine(in, out);
        }
        if (arguments == null) {
            return in.isReadable() && begin(in, out);
        }
        return argument(arguments, in, out);
    }

    private boolean begin(ByteBuf in, List<Object> out) throws ProtocolException {
        if (in.getByte(in.readerIndex()) == '*') {
            long count = length(in, '*');
            if (count == Long.MIN_VALUE) {
                return false;
            }
            if (count > maxArguments) {
                throw new ProtocolException("invalid multibulk length: accepted are up to " + maxArguments);
            }
            // as Redis does, an array without elements is no command
            if (count > 0) {
                arguments = new ArrayList<>((int) count);
                argumentsLeft = (int) count;
            }
            return true;
        }
        int end = in.bytesBefore((byte) '\n');
        if (end < 0) {
            if (in.readableBytes() > maxLineBytes) {
                in.skipBytes(in.readableBytes());
                skippingLine = true;
            }
            return false;
        }
        ByteBuf line = in.readSlice(end);
        in.skipBytes(1);
        if (end > maxLineBytes) {
            out.add(new TextInput.Refused(TextInput.Refused.Reason.TOO_LARGE));
        } else {
            line(line, out);
        }
        return true;
    }

    private boolean skipLine(ByteBuf in, List<Object> out) {
        int end = in.bytesBefore((byte) '\n');
        in.skipBytes(end < 0 ? in.readableBytes() : end + 1);
        if (end >= 0) {
            skippingLine = false;
            out.add(new TextInput.Refused(TextInput.Refused.Reason.TOO_LARGE));
        }
        return end >= 0;
    }

    private static void line(ByteBuf line, List<Object> out) {
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

    private boolean argument(List<byte[]> read, ByteBuf in, List<Object> out) throws ProtocolException {
        if (bulkLength < 0) {
            if (!in.isReadable()) {
                return false;
            }
            long length = length(in, '$');
            if (length == Long.MIN_VALUE) {
                return false;
            }
            beginBulk(length);
            return true;
        }
        long missing = refusal == null ? bulkLength + 2 : 2;
        if (in.readableBytes() < missing) {
            return false;
        }
        if (refusal == null) {
            byte[] bytes = new byte[(int) bulkLength];
            in.readBytes(bytes);
            read.add(bytes);
        }
        if (in.readByte() != '\r' || in.readByte() != '\n') {
            throw new ProtocolException("a bulk string does not end where its length says");
        }
        bulkLength = -1;
        argumentsLeft--;
        if (argumentsLeft == 0) {
            endArray(read, out);
        }
        return true;
    }

    private void beginBulk(long length) throws ProtocolException {
        if (length < 0 || length > MAX_SKIPPED_BYTES) {
            throw new ProtocolException("invalid bulk length");
        }
        bulkLength = length;
        commandBytes += length;
        if (length > maxBulkBytes || commandBytes > maxLineBytes) {
            refuse(TextInput.Refused.Reason.TOO_LARGE);
        } else if (refusal == null && commandBytes > ByteBudget.FREE_BYTES) {
            if (budget.take(length)) {
                charged += length;
            } else {
                refuse(TextInput.Refused.Reason.NO_ROOM);
            }
        }
        if (refusal != null) {
            skipLeft = length;
        }
    }

    private void refuse(TextInput.Refused.Reason reason) {
        if (refusal == null) {
            refusal = reason;
        }
        giveBack();
        if (arguments != null) {
            arguments.clear();
        }
    }

    private void endArray(List<byte[]> read, List<Object> out) {
        if (refusal == null) {
            out.add(new TextInput.Command(read, false, charged));
            charged = 0;
        } else {
            out.add(new TextInput.Refused(refusal));
        }
        arguments = null;
        refusal = null;
        commandBytes = 0;
    }

    private void giveBack() {
        budget.giveBack(charged);
        charged = 0;
    }

    /** The number on the line that begins with {@code type}; {@link Long#MIN_VALUE} where the line is not there yet. */
    private static long length(ByteBuf in, char type) throws ProtocolException {
        if (in.getByte(in.readerIndex()) != type) {
            throw new ProtocolException("expected '" + type + "'");
        }
        int end = in.bytesBefore(Math.min(in.readableBytes(), MAX_LENGTH_LINE), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() >= MAX_LENGTH_LINE) {
                throw new ProtocolException("too long a length");
            }
            return Long.MIN_VALUE;
        }
        String line = in.readCharSequence(end, StandardCharsets.ISO_8859_1).toString();
        in.skipBytes(1);
        String number = line.substring(1, line.endsWith("\r") ? line.length() - 1 : line.length());
        if (!number.matches("-?[0-9]{1,10}")) {
            throw new ProtocolException("invalid length '" + number + "'");
        }
        return Long.parseLong(number);
    }

    private static final class ProtocolException extends Exception {
        private static final long serialVersionUID = 1L;

        ProtocolException(String message) {
            super(message, null, false, false);
        }
    }
}
