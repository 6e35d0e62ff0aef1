package io.replog.node.text;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.redis.ArrayHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringRedisContent;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.LastBulkStringRedisContent;
import io.netty.handler.codec.redis.RedisCodecException;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.util.ReferenceCountUtil;
import io.replog.node.text.TextInput.Refused.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts commands together from the parts that Netty's {@code RedisDecoder} gives of arrays of bulk strings, and lets through those
 * that came as plain lines. Netty's own aggregators take strings of 512 MB; here a command is bounded by itself, and all
 * together by a budget. The strings of one that is too large are passed over, not kept, so that it can be answered and the
 * next command be read.
 */
final class CommandAggregator extends ChannelInboundHandlerAdapter {
    private static final byte[] NOTHING = {};

    private final int maxStringBytes;
    private final int maxCommandBytes;
    private final ByteBudget budget;

    private List<byte[]> arguments = new ArrayList<>();
    private int argumentsLeft;
    /** The string that is being read, or {@link #NOTHING} where it is passed over. */
    private byte[] string = NOTHING;
    /** Bytes of the string that have not come; negative where its length has not. */
    private int stringLeft = -1;

    private long commandBytes;
    private long charged;
    private @Nullable Reason refusal;
    private boolean broken;
    private long commands;

    CommandAggregator(TextPortSettings settings, ByteBudget budget) {
        this.maxStringBytes = settings.maxValueBytes();
        this.maxCommandBytes = settings.maxLineBytes();
        this.budget = budget;
    }

    boolean isWithinArray() {
        return argumentsLeft > 0;
    }

    /** Strings of the array that have not come to their end. */
    int stringsLeft() {
        return argumentsLeft;
    }

    /** Bytes of the current string that have not come, without its line end; negative where its length has not come. */
    int stringBytesLeft() {
        return stringLeft;
    }

    /** Whether nothing that comes can be understood any more. */
    boolean isBroken() {
        return broken;
    }

    /** How many commands have come, those that were refused among them. */
    long commands() {
        return commands;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (broken) {
            ReferenceCountUtil.release(message);
            return;
        }
        switch (message) {
            case TextInput line -> give(context, line);
            case ArrayHeaderRedisMessage array -> beginArray(context, array.length());
            case BulkStringHeaderRedisMessage header -> beginString(context, header.bulkStringLength());
            case FullBulkStringRedisMessage whole -> wholeString(context, whole);
            case BulkStringRedisContent part -> goOn(context, part);
            case RedisMessage _ -> refuse(context, "expected a bulk string");
            default -> throw new IllegalArgumentException("not of a command: " + message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof RedisCodecException malformed) {
            refuse(context, String.valueOf(malformed.getMessage()));
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        giveBack();
        context.fireChannelInactive();
    }

    private void beginArray(ChannelHandlerContext context, long length) {
        if (isWithinArray()) {
            refuse(context, "expected a bulk string");
        } else if (length > TextPortSettings.MAX_ARGUMENTS) {
            refuse(context, "invalid multibulk length: accepted are up to " + TextPortSettings.MAX_ARGUMENTS);
        } else if (length > 0) {
            // as Redis does, an array without elements is no command
            arguments = new ArrayList<>((int) length);
            argumentsLeft = (int) length;
        }
    }

    private void beginString(ChannelHandlerContext context, int length) {
        if (!isWithinArray()) {
            refuse(context, "expected an array");
            return;
        }
        stringLeft = length;
        commandBytes += length;
        if (length > maxStringBytes || commandBytes > maxCommandBytes) {
            passOver(Reason.TOO_LARGE);
        } else if (refusal == null && commandBytes > ByteBudget.FREE_BYTES) {
            if (budget.take(length)) {
                charged += length;
            } else {
                passOver(Reason.NO_ROOM);
            }
        }
        string = refusal == null ? new byte[length] : NOTHING;
    }

    /** Empty, or null. */
    private void wholeString(ChannelHandlerContext context, FullBulkStringRedisMessage whole) {
        if (whole.isNull() || !isWithinArray()) {
            refuse(context, "invalid bulk length");
        } else {
            string = NOTHING;
            endString(context);
        }
    }

    private void goOn(ChannelHandlerContext context, BulkStringRedisContent part) {
        try {
            ByteBuf bytes = part.content();
            int count = bytes.readableBytes();
            if (refusal == null) {
                bytes.readBytes(string, string.length - stringLeft, count);
            }
            stringLeft -= count;
        } finally {
            part.release();
        }
        if (part instanceof LastBulkStringRedisContent) {
            endString(context);
        }
    }

    private void endString(ChannelHandlerContext context) {
        if (refusal == null) {
            arguments.add(string);
        }
        string = NOTHING;
        stringLeft = -1;
        argumentsLeft--;
        if (argumentsLeft == 0) {
            endArray(context);
        }
    }

    private void endArray(ChannelHandlerContext context) {
        TextInput command =
                refusal == null ? new TextInput.Command(arguments, false, charged) : new TextInput.Refused(refusal);
        charged = 0;
        commandBytes = 0;
        refusal = null;
        give(context, command);
    }

    private void passOver(Reason reason) {
        if (refusal == null) {
            refusal = reason;
        }
        giveBack();
        arguments.clear();
    }

    private void give(ChannelHandlerContext context, TextInput command) {
        commands++;
        context.fireChannelRead(command);
    }

    /** Nothing after what came can be understood. */
    private void refuse(ChannelHandlerContext context, String detail) {
        if (!broken) {
            broken = true;
            giveBack();
            give(context, new TextInput.ProtocolError(detail));
        }
    }

    private void giveBack() {
        budget.giveBack(charged);
        charged = 0;
    }
}
