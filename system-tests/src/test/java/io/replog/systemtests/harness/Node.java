package io.replog.systemtests.harness;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** A node: its life, and requests to it. */
public abstract class Node {
    /** From the start of a process to its first answer, on a machine where everything runs at once. */
    static final Duration START = Duration.ofMinutes(2);

    private final String id;
    private final Http http;

    Node(String id, Http http) {
        this.id = id;
        this.http = http;
    }

    public final String id() {
        return id;
    }

    /** Where tests reach it. */
    public abstract String url();

    /** Starts the process, does not wait for it. What is set in {@code replog.data-dir} is what it finds. */
    public abstract void start();

    /** As {@code kill -9}. */
    public abstract void kill();

    /** As {@code kill -TERM}, and waits for the end; answers how long it took. */
    public abstract Duration stop();

    /** As SIGSTOP: holds its sockets, does nothing, from the moment that this returns. */
    public abstract void pause();

    public abstract void resume();

    /** Another, blank disk. Only for a node that does not run. */
    public abstract void wipe();

    public abstract boolean isRunning();

    /** The lines of all files in its {@code rollbacks} folder. */
    public abstract List<String> rollbacks();

    /** The end of what it printed. */
    public abstract String log();

    public final Reply get(String path, String... headers) {
        return http.send(Http.request(url() + path, headers).GET());
    }

    public final CompletableFuture<Reply> getAsync(String path, String... headers) {
        return http.sendAsync(Http.request(url() + path, headers).GET());
    }

    public final Reply post(String path, String contentType, String body, String... headers) {
        return http.send(withBody("POST", path, contentType, body, headers));
    }

    public final Reply send(String method, String path, String contentType, String body, String... headers) {
        return http.send(withBody(method, path, contentType, body, headers));
    }

    /** A request without a body. */
    public final Reply call(String method, String path, String... headers) {
        return http.send(Http.request(url() + path, headers).method(method, BodyPublishers.noBody()));
    }

    public final Reply send(HttpRequest.Builder request) {
        return http.send(request);
    }

    /** {@code POST /messages?w=…} of plain text. */
    public final Reply append(String text, String w, String... headers) {
        return post("/messages?w=" + w, "text/plain", text, headers);
    }

    public final CompletableFuture<Reply> appendAsync(String text, String w, String... headers) {
        return http.sendAsync(withBody("POST", "/messages?w=" + w, "text/plain", text, headers));
    }

    private HttpRequest.Builder withBody(
            String method, String path, String contentType, String body, String... headers) {
        return Http.request(url() + path, headers)
                .header("Content-Type", contentType)
                .method(method, BodyPublishers.ofString(body));
    }

    /** Replaces its faults. */
    public final void setFaults(String json) {
        Reply reply = send("PUT", "/faults", "application/json", json);
        if (reply.status() != 200) {
            throw new AssertionError("no fault: " + reply);
        }
    }

    public final JsonNode health() {
        return get("/health").json();
    }

    public final JsonNode cluster() {
        return get("/cluster").json();
    }

    /** Whether it answers at all. */
    public final boolean serves() {
        return get("/livez").status() == 200;
    }

    public final boolean isReady() {
        return get("/readyz").status() == 200;
    }

    public final void awaitServing() {
        Wait.until(id + " serves", START, this::serves);
    }

    public final void awaitReady() {
        Wait.until(id + " is ready", START, this::isReady);
    }

    /** All it has at {@code read=local}. */
    public final MessageLog messages() {
        return MessageLog.of(get("/messages?read=local"));
    }

    final Http http() {
        return http;
    }

    @Override
    public String toString() {
        return id;
    }
}
