package io.replog.systemtests.harness;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The list that a node answered, checked to be dense.
 *
 * @param texts message {@code i} has id {@code i + 1}
 */
public record MessageLog(List<String> texts, long lastId) {
    static MessageLog of(Reply reply) {
        if (reply.status() != 200) {
            throw new AssertionError("no list: " + reply);
        }
        JsonNode json = reply.json();
        List<String> texts = new ArrayList<>();
        for (JsonNode message : json.get("messages")) {
            if (message.get("id").asLong() != texts.size() + 1) {
                throw new AssertionError("a gap or a repeat behind id " + texts.size() + ": " + message);
            }
            texts.add(message.get("message").asString());
        }
        long lastId = json.get("lastId").asLong();
        if (lastId < texts.size()) {
            throw new AssertionError("lastId " + lastId + " of a list of " + texts.size());
        }
        return new MessageLog(texts, lastId);
    }
}
