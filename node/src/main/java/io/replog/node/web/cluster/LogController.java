package io.replog.node.web.cluster;

import io.replog.api.ReplogMediaTypes;
import io.replog.api.log.LogDigest;
import io.replog.api.problem.ProblemType;
import io.replog.core.log.EntryType;
import io.replog.core.log.LogEntry;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.MediaTypes;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.json.JsonBuffer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The raw log of this node, to look inside. */
@RestController
public final class LogController {
    private static final int PIECE_BYTES = 8 * 1024;

    private final ReplicatedLog log;

    public LogController(ReplicatedLog log) {
        this.log = log;
    }

    @GetMapping("/log")
    void entries(HttpServletRequest request, HttpServletResponse response) throws IOException {
        MediaTypes.choose(request, ReplogMediaTypes.JSON);
        QueryParameters query = QueryParameters.of(request);
        long from = query.number("from", 1, 1);
        long limit = query.number("limit", 1, Long.MAX_VALUE);
        long last = log.log().durableIndex();
        long to = limit > last - from ? last : from + limit - 1;
        response.setContentType(ReplogMediaTypes.JSON);
        OutputStream out = response.getOutputStream();
        JsonBuffer json = new JsonBuffer(1024).ascii("{\"entries\":[");
        Optional<LogEntry> first = from > to ? Optional.empty() : log.log().entryAt(from);
        boolean separate = false;
        if (first.isPresent()) {
            Iterator<LogEntry> entries = log.log().scan(first.get().firstIndex());
            for (boolean more = true; more && entries.hasNext(); ) {
                LogEntry entry = entries.next();
                more = entry.lastIndex() < to;
                long until = Math.min(to, entry.lastIndex());
                for (long index = Math.max(from, entry.firstIndex()); index <= until; index++) {
                    if (separate) {
                        json.raw(',');
                    }
                    separate = true;
                    write(json, entry, index);
                    if (json.length() >= PIECE_BYTES) {
                        json.drainTo(out);
                    }
                }
            }
        }
        json.ascii("],\"lastIndex\":").number(last).raw('}').drainTo(out);
    }

    private static void write(JsonBuffer json, LogEntry entry, long index) {
        json.ascii("{\"index\":").number(index);
        json.ascii(",\"term\":").number(entry.term());
        json.ascii(",\"type\":\"").ascii(Names.of(entry.type())).raw('"');
        if (entry.type() == EntryType.MESSAGES) {
            json.ascii(",\"id\":").number(entry.firstId() + index - entry.firstIndex());
        }
        json.ascii(",\"bytes\":").number(entry.length());
        json.ascii(",\"crc\":\"").ascii(HexFormat.of().toHexDigits(entry.crc())).raw('"');
        if (entry.count() > 1) {
            json.ascii(",\"batch\":").number(entry.count());
        }
        json.raw('}');
    }

    @GetMapping(path = "/log/digest", produces = MediaType.APPLICATION_JSON_VALUE)
    LogDigest digest(HttpServletRequest request) {
        long last = log.log().durableIndex();
        long upTo = QueryParameters.of(request).number("upto", 1, last);
        Optional<Long> digest = upTo > last ? Optional.empty() : log.log().digest(upTo);
        return digest.map(value -> new LogDigest(upTo, HexFormat.of().toHexDigits(value)))
                .orElseThrow(() -> ProblemException.of(
                        ProblemType.NOT_FOUND, "index " + upTo + " is beyond the last one here, " + last));
    }
}
