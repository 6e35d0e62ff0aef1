package io.replog.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** HTTP/1.1 with keep-alive: one prebuilt request, answers with a 2xx status and a length or chunks. */
final class HttpProtocol implements Protocol {
    private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "\r\ntransfer-encoding:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_CHUNKS = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer request;

    private HttpProtocol(ByteBuffer request) {
        this.request = request;
    }

    static HttpProtocol post(String path, String contentType, String body) {
        return withBody("POST", path, contentType, body);
    }

    static HttpProtocol put(String path, String contentType, String body) {
        return withBody("PUT", path, contentType, body);
    }

    private static HttpProtocol withBody(String method, String path, String contentType, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = (method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + contentType
                        + "\r\nContent-Length: " + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return new HttpProtocol(
                ByteBuffer.allocate(head.length + content.length).put(head).put(content));
    }

    static HttpProtocol get(String path) {
        byte[] head = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        return new HttpProtocol(ByteBuffer.allocate(head.length).put(head));
    }

    @Override
    public ByteBuffer nextRequest() {
        return request.rewind();
    }

    @Override
    public int answerLength(byte[] received, int length) {
        int endOfHead = endOfHead(received, length);
        if (endOfHead < 0) {
            return -1;
        }
        if (received[9] != '2') {
            throw new UnexpectedAnswerException(new String(received, 0, length, StandardCharsets.UTF_8));
        }
        int at = find(received, endOfHead, LENGTH);
        if (at >= 0) {
            int size = 0;
            for (int i = at + LENGTH.length; received[i] != '\r'; i++) {
                if (received[i] != ' ') {
                    size = size * 10 + received[i] - '0';
                }
            }
            return endOfHead + size <= length ? endOfHead + size : -1;
        }
        if (find(received, endOfHead, CHUNKED) < 0) {
            return endOfHead;
        }
        for (int i = 0; i < END_OF_CHUNKS.length; i++) {
            if (received[length - END_OF_CHUNKS.length + i] != END_OF_CHUNKS[i]) {
                return -1;
            }
        }
        return length;
    }

    private static int endOfHead(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Where {@code lowerCase} begins within the first {@code length} bytes, ignoring case; -1 where it does not. */
    private static int find(byte[] bytes, int length, byte[] lowerCase) {
        for (int start = 0; start <= length - lowerCase.length; start++) {
            int i = 0;
            while (i < lowerCase.length && toLower(bytes[start + i]) == lowerCase[i]) {
                i++;
            }
            if (i == lowerCase.length) {
                return start;
            }
        }
        return -1;
    }

    private static int toLower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
