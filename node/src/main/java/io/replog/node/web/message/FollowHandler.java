package io.replog.node.web.message;

import io.replog.core.quorum.ReadLevel;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.http.ReadGate;
import io.replog.node.web.http.ReadParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * {@code GET /messages} as a live stream of committed messages (server-sent events). Each follower has its virtual
 * thread, so a slow one holds up nobody; what is new is encoded once for all of them.
 */
final class FollowHandler {
    private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ReplicatedLog log;
    private final ReadGate gate;
    private final LiveStreams streams;
    private final EventTail tail;
    private final LiveFeed feed;

    FollowHandler(ReplicatedLog log, WebSettings settings, ReadGate gate, LiveStreams streams) {
        this.log = log;
        this.gate = gate;
        this.streams = streams;
        this.tail = new EventTail(log);
        this.feed = new LiveFeed(log, gate, settings.keepAlive());
    }

    void handle(HttpServletRequest request, QueryParameters query, HttpServletResponse response) throws IOException {
        gate.await(ReadParameters.of(query, ReadLevel.COMMITTED));
        long from = firstId(request, query);
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        OutputStream out = response.getOutputStream();
        streams.run(() -> follow(from, out));
    }

    private long firstId(HttpServletRequest request, QueryParameters query) {
        String lastEventId = request.getHeader("Last-Event-ID");
        if (lastEventId != null) {
            if (!lastEventId.matches("[0-9]{1,18}")) {
                throw ProblemException.badRequest(
                        "Last-Event-ID is '" + lastEventId + "': accepted is the id of a message, or 0");
            }
            return Long.parseLong(lastEventId) + 1;
        }
        return "latest".equals(query.text("from")) ? gate.lastId(ReadLevel.COMMITTED) + 1 : query.number("from", 1, 1);
    }

    private void follow(long from, OutputStream out) throws IOException, InterruptedException {
        send((": following from " + from + "\n\n").getBytes(StandardCharsets.US_ASCII), out);
        long next = from;
        while (!log.stopping()) {
            long last = gate.lastId(ReadLevel.COMMITTED);
            while (next <= last) {
                EventTail.Events events = tail.read(next, last);
                out.write(events.bytes(), events.offset(), events.length());
                out.flush();
                next = events.nextId();
            }
            long awaited = next;
            if (!streams.await(() -> feed.await(awaited))) {
                send(KEEP_ALIVE, out);
            }
        }
    }

    private static void send(byte[] bytes, OutputStream out) throws IOException {
        out.write(bytes);
        out.flush();
    }
}
