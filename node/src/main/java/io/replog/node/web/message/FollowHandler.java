package io.replog.node.web.message;

import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.MessageCursor;
import io.replog.core.quorum.ReadLevel;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.http.ReadGate;
import io.replog.node.web.http.ReadParameters;
import io.replog.node.web.json.JsonBuffer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/**
 * {@code GET /messages} as a live stream of committed messages (server-sent events). Each follower has its virtual
 * thread and a small buffer; it reads the log itself, so a slow one holds up nobody.
 */
final class FollowHandler {
    private static final int READ_BYTES = 32 * 1024;
    private static final int BUFFER_BYTES = 512;

    /** Under load a follower is sent what came in this time together, so that many followers stay cheap. */
    private static final Duration PACE = Duration.ofMillis(20);

    private final ReplicatedLog log;
    private final WebSettings settings;
    private final ReadGate gate;
    private final LiveStreams streams;

    FollowHandler(ReplicatedLog log, WebSettings settings, ReadGate gate, LiveStreams streams) {
        this.log = log;
        this.settings = settings;
        this.gate = gate;
        this.streams = streams;
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
        JsonBuffer buffer = new JsonBuffer(BUFFER_BYTES);
        buffer.ascii(": following from ").number(from).ascii("\n\n");
        send(buffer, out);
        long next = from;
        while (!log.stopping()) {
            long last = gate.lastId(ReadLevel.COMMITTED);
            if (next <= last) {
                next = sendMessages(next, last, buffer, out);
                Thread.sleep(PACE);
            } else if (!awaitMessage(next)) {
                send(buffer.ascii(": keep-alive\n\n"), out);
            }
        }
    }

    /** Whether message {@code id} came, committed and durable here, before a keep-alive is due. */
    private boolean awaitMessage(long id) throws InterruptedException {
        Deadline deadline = Deadline.after(settings.keepAlive());
        return log.awaitCommittedMessage(id, deadline)
                && log.awaitDurable(log.status().state().appliedIndex(), deadline);
    }

    /** Sends messages {@code from} to {@code to}, and gives the id that comes next. */
    private long sendMessages(long from, long to, JsonBuffer buffer, OutputStream out)
            throws IOException, InterruptedException {
        long next = from;
        long index = log.log().entryOfMessage(from).orElseThrow().firstIndex();
        while (next <= to) {
            List<LogEntry> entries = log.log().read(index, READ_BYTES);
            if (entries.isEmpty()) {
                throw new IllegalStateException("the log has no entry at " + index + ", although it is committed");
            }
            for (LogEntry entry : entries) {
                next = sendEntry(entry, next, to, buffer, out);
            }
            send(buffer, out);
            index = entries.getLast().lastIndex() + 1;
        }
        return next;
    }

    private static long sendEntry(LogEntry entry, long from, long to, JsonBuffer buffer, OutputStream out)
            throws IOException {
        long next = from;
        if (entry.type() != EntryType.MESSAGES || entry.isOmitted()) {
            return next;
        }
        MessageCursor messages = EntryCodec.messages(entry);
        while (messages.next()) {
            if (messages.id() == next && next <= to) {
                MessageFormat.EVENT.write(buffer, messages, false);
                next++;
                if (buffer.length() >= READ_BYTES) {
                    send(buffer, out);
                }
            }
        }
        return next;
    }

    private static void send(JsonBuffer buffer, OutputStream out) throws IOException {
        buffer.drainTo(out);
        out.flush();
    }
}
