package io.replog.node.text;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import java.nio.charset.StandardCharsets;

/**
 * Replies as bytes (RESP2), many into one buffer. Netty's {@code RedisEncoder} makes up to three buffers of each, and of
 * each buffer an operation of the channel.
 */
final class ReplyWriter {
    private static final byte[] NULL_BULK = ascii("$-1\r\n");
    private static final byte[] NULL_ARRAY = ascii("*-1\r\n");

    private ReplyWriter() {}

    /** @throws IllegalArgumentException for a message that is no whole reply */
    static void write(RedisMessage message, ByteBuf out) {
        switch (message) {
            case SimpleStringRedisMessage simple -> line('+', simple.content(), out);
            case ErrorRedisMessage error -> line('-', error.content(), out);
            case IntegerRedisMessage integer -> number(':', integer.value(), out);
            case FullBulkStringRedisMessage bulk -> bulk(bulk, out);
            case ArrayRedisMessage array -> array(array, out);
            default -> throw new IllegalArgumentException("not a reply: " + message);
        }
    }

    private static void bulk(FullBulkStringRedisMessage bulk, ByteBuf out) {
        if (bulk.isNull()) {
            out.writeBytes(NULL_BULK);
            return;
        }
        ByteBuf content = bulk.content();
        number('$', content.readableBytes(), out);
        out.writeBytes(content, content.readerIndex(), content.readableBytes());
        end(out);
    }

    private static void array(ArrayRedisMessage array, ByteBuf out) {
        if (array.isNull()) {
            out.writeBytes(NULL_ARRAY);
            return;
        }
        number('*', array.children().size(), out);
        array.children().forEach(child -> write(child, out));
    }

    private static void line(char type, String content, ByteBuf out) {
        out.writeByte(type);
        ByteBufUtil.writeUtf8(out, content);
        end(out);
    }

    private static void number(char type, long value, ByteBuf out) {
        out.writeByte(type);
        ByteBufUtil.writeAscii(out, Long.toString(value));
        end(out);
    }

    private static void end(ByteBuf out) {
        out.writeByte('\r');
        out.writeByte('\n');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
