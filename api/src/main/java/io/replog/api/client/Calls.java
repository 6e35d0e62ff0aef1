package io.replog.api.client;

import io.replog.api.ReplogHeaders;
import io.replog.api.ReplogMediaTypes;
import io.replog.api.cluster.NewLeader;
import io.replog.api.cluster.NewMember;
import io.replog.api.fault.Faults;
import io.replog.api.kv.NewValue;
import io.replog.api.message.NewMessage;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** The requests of the HTTP contract. */
final class Calls {
    private static final String CONTENT_JSON = "Content-Type: " + ReplogMediaTypes.JSON;
    private static final String ACCEPT_JSON = "Accept: " + ReplogMediaTypes.JSON;

    private Calls() {}

    static HttpCall post(String message, WriteOptions options) {
        return write("POST", Target.of("/messages"), new NewMessage(message, null), options);
    }

    static HttpCall postBatch(List<String> messages, WriteOptions options) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (String message : messages) {
            lines.writeBytes(Json.write(new NewMessage(message, null)));
            lines.write('\n');
        }
        String target = Target.of("/messages").with("w", options.w()).toString();
        return new HttpCall(
                "POST",
                target,
                List.of("Content-Type: " + ReplogMediaTypes.NDJSON, ACCEPT_JSON),
                lines.toByteArray(),
                true);
    }

    static HttpCall put(String key, String value, WriteOptions options) {
        return write("PUT", key(key), new NewValue(value, null), options);
    }

    static HttpCall append(String key, String value, WriteOptions options) {
        return write("POST", key(key).path("/append"), new NewValue(value, null), options);
    }

    static HttpCall hash(String key, String value, WriteOptions options) {
        return write("POST", key(key).path("/hash"), new NewValue(value, null), options);
    }

    static HttpCall delete(String key, WriteOptions options) {
        String target = key(key).with("w", options.w()).toString();
        return conditions(new HttpCall("DELETE", target, List.of(ACCEPT_JSON), null, true), options);
    }

    private static HttpCall write(String method, Target target, Object body, WriteOptions options) {
        String path = target.with("w", options.w()).toString();
        HttpCall call = new HttpCall(method, path, List.of(CONTENT_JSON, ACCEPT_JSON), Json.write(body), true);
        return conditions(call, options);
    }

    private static HttpCall conditions(HttpCall call, WriteOptions options) {
        HttpCall conditional = call;
        if (options.ifIndex() != null) {
            conditional = conditional.withHeader("If-Match", "\"" + options.ifIndex() + "\"");
        }
        if (options.ifAbsent()) {
            conditional = conditional.withHeader("If-None-Match", "*");
        }
        return conditional;
    }

    /** The write as it is sent: with its key, and with the time that is left. */
    static HttpCall attempt(HttpCall write, RequestKey key, long timeoutMillis) {
        String target = write.target();
        String timed = target + (target.contains("?") ? "&" : "?") + "timeout=" + Math.max(1, timeoutMillis) + "ms";
        HttpCall call = write.withTarget(timed);
        return switch (key) {
            case RequestKey.Idempotency one -> call.withHeader(ReplogHeaders.IDEMPOTENCY_KEY, one.key());
            case RequestKey.ClientSequence one ->
                call.withHeader(ReplogHeaders.CLIENT_ID, one.clientId())
                        .withHeader(ReplogHeaders.CLIENT_SEQ, Long.toString(one.sequence()));
        };
    }

    static HttpCall messages(ReadOptions options, String accept) {
        Target target = Target.of("/messages");
        options.addTo(target);
        return HttpCall.get(target.toString(), accept);
    }

    static HttpCall message(long id) {
        return json(Target.of("/messages/" + id));
    }

    static HttpCall acks(long id, String wait) {
        return json(Target.of("/messages/" + id + "/acks").with("wait", wait));
    }

    static HttpCall get(String key, ReadOptions options) {
        Target target = key(key);
        options.addTo(target);
        return json(target);
    }

    static HttpCall dump(String prefix, ReadOptions options) {
        Target target = Target.of("/kv").with("prefix", prefix.isEmpty() ? null : prefix);
        options.addTo(target);
        return json(target);
    }

    static HttpCall json(Target target) {
        return HttpCall.get(target.toString(), ReplogMediaTypes.JSON);
    }

    static HttpCall echo(byte[] body) {
        return new HttpCall("POST", "/echo", List.of("Content-Type: application/octet-stream"), body, true);
    }

    static HttpCall faults(Faults faults) {
        return new HttpCall("PUT", "/faults", List.of(CONTENT_JSON, ACCEPT_JSON), Json.write(faults), true);
    }

    static HttpCall heal() {
        return new HttpCall("DELETE", "/faults", List.of(ACCEPT_JSON), null, true);
    }

    static HttpCall handOver(String to) {
        return change("POST", "/cluster/leader", Json.write(new NewLeader(to)));
    }

    static HttpCall member(NewMember member) {
        return change("POST", "/cluster/members", Json.write(member));
    }

    static HttpCall removeMember(String id) {
        String target = Target.of("/cluster/members").segment(id).toString();
        return new HttpCall("DELETE", target, List.of(ACCEPT_JSON), null, false);
    }

    private static HttpCall change(String method, String target, byte[] body) {
        return new HttpCall(method, target, List.of(CONTENT_JSON, ACCEPT_JSON), body, false);
    }

    private static Target key(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("the key is empty; accepted are 1–512 bytes of text");
        }
        return Target.of("/kv").segment(key);
    }
}
