package io.replog.api.client;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A node that answers what a test tells it to. The last step of its script is repeated for ever. */
final class ScriptedNode implements AutoCloseable {
    /** What the node does with a request for messages or keys. */
    interface Step {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final String id;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Step> script = new ArrayDeque<>();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile String leader;
    private volatile List<ScriptedNode> members = List.of(this);
    private volatile boolean hanging;

    ScriptedNode(String id) {
        this.id = id;
        this.leader = id;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    ScriptedNode led(String newLeader) {
        leader = newLeader;
        return this;
    }

    ScriptedNode knowing(ScriptedNode... all) {
        members = List.of(all);
        return this;
    }

    ScriptedNode then(Step step) {
        synchronized (script) {
            script.add(step);
        }
        return this;
    }

    /** From now on nothing is answered, as by a process that was stopped. */
    void hang() {
        hanging = true;
    }

    /** The writes and reads that came: method, path, and key. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    static Step reply(int status, String body) {
        return exchange -> send(exchange, status, body);
    }

    static Step drop() {
        return HttpExchange::close;
    }

    static Step problem(int status, String outcome, String more) {
        return reply(
                status,
                "{\"type\":\"about:blank\",\"title\":\"Told to\",\"status\":" + status
                        + ",\"detail\":\"by the script\",\"outcome\":\"" + outcome + "\"" + more + "}");
    }

    /** Sends events and then ends the stream. */
    static Step events(long from, long to) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (long id = from; id <= to; id++) {
                String event = "id:" + id + "\ndata:{\"id\":" + id + ",\"message\":\"m" + id + "\"}\n\n:alive\n\n";
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            exchange.close();
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Replog-Node", id);
        exchange.getResponseHeaders().set("Replog-Term", "1");
        if (leader != null) {
            exchange.getResponseHeaders().set("Replog-Leader", leader);
        }
        exchange.getRequestBody().readAllBytes();
        if (hanging) {
            await();
            return;
        }
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/cluster")) {
            send(exchange, 200, view());
            return;
        }
        if (path.equals("/health")) {
            String leads = leader == null ? "null" : "\"" + leader + "\"";
            send(
                    exchange,
                    200,
                    "{\"status\":\"UP\",\"node\":\"" + id + "\",\"role\":\"follower\",\"term\":1,\"leader\":" + leads
                            + ",\"quorum\":true,\"readOnly\":false,\"members\":[]}");
            return;
        }
        seen.add(exchange.getRequestMethod() + " " + path + " " + key(exchange.getRequestHeaders()));
        Step step;
        synchronized (script) {
            step = script.size() > 1 ? script.poll() : script.peek();
        }
        step.answer(exchange);
    }

    private static String key(Headers headers) {
        String clientId = headers.getFirst("Client-Id");
        String key = headers.getFirst("Idempotency-Key");
        return clientId == null ? String.valueOf(key) : clientId + " #" + headers.getFirst("Client-Seq");
    }

    private String view() {
        StringBuilder view = new StringBuilder("{\"view\":1,\"term\":1,\"leader\":");
        view.append(leader == null ? "null" : "\"" + leader + "\"");
        view.append(",\"leaderUrl\":null,\"commitIndex\":1,\"lastIndex\":1,\"writable\":true,\"members\":[");
        for (ScriptedNode member : members) {
            view.append(member == members.getFirst() ? "" : ",");
            view.append("{\"id\":\"").append(member.id).append("\",\"url\":\"").append(member.url());
            view.append("\",\"kind\":\"voter\",\"role\":\"follower\",\"priority\":1,\"status\":\"Healthy\"}");
        }
        return view.append("]}").toString();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void await() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
