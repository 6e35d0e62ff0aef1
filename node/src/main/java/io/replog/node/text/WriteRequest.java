package io.replog.node.text;

import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvText;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.quorum.WriteConcern;
import java.util.List;

/**
 * A write, ready to be appended here, or sent to the leader.
 *
 * @param encoded     for this node's log
 * @param w           write concern
 * @param method      of the leader's endpoint
 * @param target      path and query of the leader's endpoint
 * @param contentType of {@code body}
 * @param body        for the leader's endpoint
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
record WriteRequest(
        EncodedRequest encoded, WriteConcern w, String method, String target, String contentType, byte[] body) {

    static WriteRequest command(KvCommand.Operation operation, byte[] key, byte[] value, WriteConcern w) {
        KvCommand command =
                new KvCommand(operation, KvText.fromBytes(key), KvText.fromBytes(value), KvCommand.Condition.NONE);
        String path = "/kv/" + percentEncoded(key);
        String target =
                switch (operation) {
                    case PUT, DELETE -> path;
                    case APPEND -> path + "/append";
                    case HASH -> path + "/hash";
                };
        String method =
                switch (operation) {
                    case PUT -> "PUT";
                    case DELETE -> "DELETE";
                    case APPEND, HASH -> "POST";
                };
        return new WriteRequest(
                EntryCodec.encode(RequestKey.NONE, new Payload.Command(command)),
                w,
                method,
                target + "?w=" + w,
                "application/octet-stream",
                value);
    }

    /** @param text UTF-8 */
    static WriteRequest message(byte[] text, WriteConcern w) {
        return new WriteRequest(
                EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of(text))),
                w,
                "POST",
                "/messages?w=" + w,
                "text/plain",
                text);
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
