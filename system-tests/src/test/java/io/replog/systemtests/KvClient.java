package io.replog.systemtests;

import io.replog.checker.KvOperation;
import io.replog.checker.Status;
import io.replog.systemtests.harness.Http;
import io.replog.systemtests.harness.Node;
import io.replog.systemtests.harness.Reply;
import io.replog.systemtests.harness.Wait;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client of the store that sends a write again, to the next node, with the same {@code Client-Seq}, until it knows how
 * it ended or has tried often enough. For one thread.
 */
final class KvClient {
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(30);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<? extends Node> nodes;
    private final String name;
    private final int attempts;
    private int at;
    private long sequence;

    KvClient(List<? extends Node> nodes, int first, String name, int attempts) {
        this.nodes = nodes;
        this.at = first;
        this.name = name;
        this.attempts = attempts;
    }

    /** How a request ended: the answer is there where it is OK, and for a get also where the key was absent. */
    record Outcome(Status status, @Nullable Reply reply) {
        /** The value that the operation met, null where the key was absent. */
        @Nullable String observed(KvOperation.Kind kind) {
            if (reply == null || reply.status() == 404) {
                return null;
            }
            JsonNode value = reply.json().path(kind == KvOperation.Kind.GET ? "value" : "previous");
            return value.isNull() ? null : value.asString();
        }
    }

    /** @throws AssertionError where an answer came that no fault excuses */
    Outcome run(KvOperation.Kind kind, String key, String argument) {
        boolean get = kind == KvOperation.Kind.GET;
        long number = get ? 0 : ++sequence;
        boolean refusedAlways = true;
        for (int attempt = 0; attempt < attempts; attempt++) {
            Node node = nodes.get(at % nodes.size());
            try {
                Reply reply = node.send(request(node, kind, key, argument, number));
                if (reply.status() == 200 || (get && reply.status() == 404)) {
                    return new Outcome(Status.OK, reply);
                }
                if (reply.status() != 503 && reply.status() != 504) {
                    throw new AssertionError(node + " answered " + kind + " " + key + " of " + name + " with " + reply);
                }
                refusedAlways &= reply.outcome().equals("not-stored");
            } catch (UncheckedIOException e) {
                refusedAlways = false;
            }
            at++;
            Wait.pause(BETWEEN_ATTEMPTS);
        }
        return new Outcome(refusedAlways ? Status.REFUSED : Status.UNKNOWN, null);
    }

    /** @throws AssertionError where it was not done at last */
    Reply must(KvOperation.Kind kind, String key, String argument) {
        Reply reply = run(kind, key, argument).reply();
        if (reply == null) {
            throw new AssertionError(kind + " " + key + " " + argument + " of " + name + " was never acknowledged");
        }
        return reply;
    }

    private java.net.http.HttpRequest.Builder request(
            Node node, KvOperation.Kind kind, String key, String argument, long number) {
        String url = node.url() + "/kv/" + key;
        if (kind == KvOperation.Kind.GET) {
            return Http.request(url).timeout(PATIENCE).GET();
        }
        String[] headers = {"Client-Id", name, "Client-Seq", Long.toString(number), "Content-Type", "application/json"};
        String body = "{\"value\":\"" + argument + "\"}";
        return switch (kind) {
            case PUT ->
                Http.request(url + "?timeout=2s", headers).timeout(PATIENCE).PUT(BodyPublishers.ofString(body));
            case APPEND ->
                Http.request(url + "/append?timeout=2s", headers)
                        .timeout(PATIENCE)
                        .POST(BodyPublishers.ofString(body));
            case HASH ->
                Http.request(url + "/hash?timeout=2s", headers)
                        .timeout(PATIENCE)
                        .POST(BodyPublishers.ofString(body));
            default ->
                Http.request(url + "?timeout=2s", "Client-Id", name, "Client-Seq", Long.toString(number))
                        .timeout(PATIENCE)
                        .DELETE();
        };
    }
}
