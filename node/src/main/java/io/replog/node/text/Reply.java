package io.replog.node.text;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import io.netty.handler.stream.ChunkedInput;
import io.replog.api.problem.Problem;
import io.replog.core.kv.KvText;
import io.replog.node.web.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command is answered with. */
sealed interface Reply {
    Reply OK = text("OK");

    record Message(RedisMessage message) implements Reply {}

    /** Made while it is sent, as fast as the client takes it. */
    record Stream(ChunkedInput<ByteBuf> chunks) implements Reply {}

    static Reply text(String simple) {
        return new Message(new SimpleStringRedisMessage(simple));
    }

    static Reply number(long value) {
        return new Message(new IntegerRedisMessage(value));
    }

    static Reply bytes(byte[] value) {
        return new Message(bulk(value));
    }

    /** @param value null for the null bulk string */
    static Reply value(@Nullable String value) {
        return value == null
                ? new Message(FullBulkStringRedisMessage.NULL_INSTANCE)
                : new Message(bulk(KvText.toBytes(value)));
    }

    static Reply array(List<RedisMessage> elements) {
        return new Message(new ArrayRedisMessage(elements));
    }

    static RedisMessage bulk(byte[] value) {
        return new FullBulkStringRedisMessage(Unpooled.wrappedBuffer(value));
    }

    static RedisMessage bulk(String value) {
        return bulk(value.getBytes(StandardCharsets.UTF_8));
    }

    /** An error on one line. */
    static Reply error(String code, String detail) {
        String line = (code + " " + detail).replaceAll("[\\r\\n]+", " ");
        return new Message(new ErrorRedisMessage(line));
    }

    static Reply problem(Problem problem) {
        return error("ERR", problem.title() + ": " + problem.detail());
    }

    /** What is said where working on a command ended in {@code failure}. */
    static Reply failure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException expected) {
            return problem(expected.problem());
        }
        Log.LOG.error("a command on the text port failed", cause);
        return error("ERR", "Internal error: a fault of ours; the node's log says more");
    }

    /** An interface cannot have a private field. */
    final class Log {
        private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

        private Log() {}
    }
}
