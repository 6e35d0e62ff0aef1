package io.replog.node.text;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.redis.RedisEncoder;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * Replies as Netty's encoder makes them, many in one buffer. As a handler of the channel it makes up to three buffers of each
 * reply, and of each buffer a write to the channel. Not thread-safe.
 */
final class ReplyEncoder extends RedisEncoder {
    private final List<Object> pieces = new ArrayList<>();

    /**
     * Writes {@code reply} to the end of {@code out}.
     *
     * @throws CodecException for a message that is no whole reply
     */
    void encode(ChannelHandlerContext context, RedisMessage reply, ByteBuf out) {
        try {
            encode(context, reply, pieces);
            pieces.forEach(piece -> out.writeBytes((ByteBuf) piece));
        } catch (Exception e) {
            throw new CodecException("not a reply: " + reply, e);
        } finally {
            pieces.forEach(ReferenceCountUtil::release);
            pieces.clear();
        }
    }
}
