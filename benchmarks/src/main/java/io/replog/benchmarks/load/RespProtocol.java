package io.replog.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Redis commands in one write, answered by as many simple strings, integers or bulk strings. */
final class RespProtocol implements Protocol {
    private final ByteBuffer request;
    private final int replies;
    private final int leastInteger;

    /**
     * @param leastInteger an integer reply below it is a failure: {@code WAIT} must have reached so many replicas
     */
    private RespProtocol(ByteBuffer request, int replies, int leastInteger) {
        this.request = request;
        this.replies = replies;
        this.leastInteger = leastInteger;
    }

    /** So many {@code SET} in one write, and {@code WAIT} behind the last where there are replicas to wait for. */
    static RespProtocol sets(String key, String value, int pipeline, int replicas) {
        String sets = command("SET", key, value).repeat(pipeline);
        return replicas == 0
                ? new RespProtocol(buffer(sets), pipeline, 0)
                : new RespProtocol(
                        buffer(sets + command("WAIT", Integer.toString(replicas), "0")), pipeline + 1, replicas);
    }

    static RespProtocol gets(String key, int pipeline) {
        return new RespProtocol(buffer(command("GET", key).repeat(pipeline)), pipeline, 0);
    }

    private static ByteBuffer buffer(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(bytes.length).put(bytes);
    }

    private static String command(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }

    @Override
    public ByteBuffer nextRequest() {
        return request.rewind();
    }

    @Override
    public int answerLength(byte[] received, int length) {
        int at = 0;
        for (int reply = 0; reply < replies; reply++) {
            int end = endOfLine(received, at, length);
            if (end < 0) {
                return -1;
            }
            if (received[at] == '-') {
                throw new UnexpectedAnswerException(new String(received, 0, length, StandardCharsets.UTF_8));
            }
            String rest = new String(received, at + 1, end - at - 3, StandardCharsets.US_ASCII);
            if (received[at] == ':' && Integer.parseInt(rest) < leastInteger) {
                throw new UnexpectedAnswerException("reached " + rest + " of " + leastInteger);
            }
            at = received[at] == '$' && !rest.equals("-1") ? end + Integer.parseInt(rest) + 2 : end;
            if (at > length) {
                return -1;
            }
        }
        return at;
    }

    private static int endOfLine(byte[] bytes, int from, int length) {
        for (int i = from; i < length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }
}
