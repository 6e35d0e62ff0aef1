package io.replog.node.web.message;

import io.replog.api.ReplogMediaTypes;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.core.log.MessageCursor;
import io.replog.core.quorum.ReadLevel;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.http.ReadGate;
import io.replog.node.web.http.ReadParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;

/**
 * {@code GET /messages} as a list: from the log's frames straight into the answer, in constant memory however long the
 * list is.
 */
final class ListHandler {
    private final ReplicatedLog log;
    private final ReadGate gate;

    ListHandler(ReplicatedLog log, ReadGate gate) {
        this.log = log;
        this.gate = gate;
    }

    void handle(HttpServletRequest request, QueryParameters query, String mediaType, HttpServletResponse response)
            throws IOException {
        ReadParameters read = ReadParameters.of(query, ReadLevel.LOCAL);
        long from = query.number("from", 1, 1);
        long limit = query.number("limit", 1, Long.MAX_VALUE);
        gate.await(read);
        long lastId = gate.lastId(read.level());
        long to = limit > lastId - from ? lastId : from + limit - 1;
        if (to < lastId && from <= lastId) {
            response.setHeader("Link", "<" + nextPage(query, to + 1, limit) + ">; rel=\"next\"");
        }
        response.setContentType(mediaType.equals(ReplogMediaTypes.TEXT) ? "text/plain;charset=UTF-8" : mediaType);
        if (!"HEAD".equals(request.getMethod())) {
            write(mediaType, from, to, lastId, response);
        }
    }

    private static String nextPage(QueryParameters query, long from, long limit) {
        String read = query.text("read");
        return "/messages?from=" + from + "&limit=" + limit + (read == null ? "" : "&read=" + read);
    }

    private void write(String mediaType, long from, long to, long lastId, HttpServletResponse response)
            throws IOException {
        PacedAnswer answer = new PacedAnswer(response, () -> log.status().lastIndex());
        switch (mediaType) {
            case ReplogMediaTypes.NDJSON -> writeMessages(from, to, MessageFormat.NDJSON, answer);
            case ReplogMediaTypes.TEXT -> writeMessages(from, to, MessageFormat.TEXT, answer);
            default -> {
                answer.buffer().ascii("{\"messages\":[");
                writeMessages(from, to, MessageFormat.JSON_ARRAY, answer);
                answer.buffer().ascii("],\"lastId\":").number(lastId).raw('}');
            }
        }
        answer.end();
    }

    private void writeMessages(long from, long to, MessageFormat format, PacedAnswer answer) throws IOException {
        Optional<LogEntry> first = from > to ? Optional.empty() : log.log().entryOfMessage(from);
        if (first.isEmpty()) {
            return;
        }
        boolean separate = false;
        Iterator<LogEntry> entries = log.log().scan(first.get().firstIndex());
        while (entries.hasNext()) {
            LogEntry entry = entries.next();
            if (entry.type() != EntryType.MESSAGES || entry.isOmitted()) {
                continue;
            }
            MessageCursor messages = EntryCodec.messages(entry);
            while (messages.next()) {
                if (messages.id() > to) {
                    return;
                }
                if (messages.id() >= from) {
                    format.write(answer.buffer(), messages, separate);
                    separate = true;
                    answer.drainFullPiece();
                }
            }
            if (entry.lastId() >= to) {
                return;
            }
        }
    }
}
