package io.replog.node.text;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvText;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import io.replog.node.web.forward.LeaderTransport;
import io.replog.node.web.http.Fingerprint;
import java.util.List;
import java.util.Map;

/**
 * A write, to be appended here or sent to the leader.
 *
 * @param payload what is appended
 * @param key     of a command, in bytes; empty for a message
 * @param body    the value or the text, in bytes
 * @param w       write concern
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
record WriteRequest(Payload payload, byte[] key, byte[] body, WriteConcern w) {
    private static final byte[] NOTHING = {};

    /** @param key the same as {@code keyBytes} */
    static WriteRequest command(
            KvCommand.Operation operation, String key, byte[] keyBytes, byte[] value, WriteConcern w) {
        KvCommand command = new KvCommand(operation, key, KvText.fromBytes(value), KvCommand.Condition.NONE);
        return new WriteRequest(new Payload.Command(command), keyBytes, value, w);
    }

    /** @param text UTF-8 */
    static WriteRequest message(byte[] text, WriteConcern w) {
        return new WriteRequest(new Payload.Messages(List.of(text)), NOTHING, text, w);
    }

    /** For this node's log. */
    EncodedRequest encoded(RequestKey requestKey) {
        return EntryCodec.encode(requestKey, payload);
    }

    /** As the leader's endpoint makes it of {@link #forwarded}. */
    long fingerprint() {
        return payload instanceof Payload.Command(KvCommand command)
                ? Fingerprint.ofCommand(command, body)
                : Fingerprint.ofMessage(body);
    }

    /** For the leader's endpoint. */
    LeaderTransport.Request forwarded(List<Map.Entry<String, String>> headers) {
        String path = "/kv/";
        return switch (payload) {
            case Payload.Command(KvCommand command) ->
                switch (command.operation()) {
                    case PUT -> forwarded("PUT", path + percentEncoded(key), headers);
                    case DELETE -> forwarded("DELETE", path + percentEncoded(key), headers);
                    case APPEND -> forwarded("POST", path + percentEncoded(key) + "/append", headers);
                    case HASH -> forwarded("POST", path + percentEncoded(key) + "/hash", headers);
                };
            default -> forwarded("POST", "/messages", headers);
        };
    }

    /** What the body of {@link #forwarded} is. */
    String contentType() {
        return payload instanceof Payload.Command ? "application/octet-stream" : "text/plain";
    }

    private LeaderTransport.Request forwarded(String method, String path, List<Map.Entry<String, String>> headers) {
        return new LeaderTransport.Request(method, path + "?w=" + w, headers, body);
    }

    private static String percentEncoded(byte[] key) {
        StringBuilder encoded = new StringBuilder(key.length * 3);
        for (byte b : key) {
            boolean unreserved = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
            if (unreserved) {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.forDigit((b >> 4) & 0xf, 16))
                        .append(Character.forDigit(b & 0xf, 16));
            }
        }
        return encoded.toString();
    }
}
