package io.replog.node.web.kv;

import io.replog.api.ReplogMediaTypes;
import io.replog.api.problem.ProblemType;
import io.replog.core.kv.KvLine;
import io.replog.core.kv.KvMap;
import io.replog.core.kv.KvText;
import io.replog.core.quorum.ReadLevel;
import io.replog.core.statemachine.StateMachineView;
import io.replog.node.web.http.MediaTypes;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.http.ReadGate;
import io.replog.node.web.http.ReadParameters;
import io.replog.node.web.json.JsonBuffer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Reads a key, and dumps many, from this node's applied state: one immutable version of it, whatever is written meanwhile. */
final class KvReadHandler {
    private static final int PIECE_BYTES = 16 * 1024;

    private final ReadGate gate;

    KvReadHandler(ReadGate gate) {
        this.gate = gate;
    }

    void read(KvPath.Read read, HttpServletRequest request, HttpServletResponse response) throws IOException {
        String mediaType = MediaTypes.choose(request, ReplogMediaTypes.JSON, ReplogMediaTypes.TEXT);
        StateMachineView state = await(QueryParameters.of(request), ReadLevel.LINEARIZABLE);
        KvMap.Entry entry = state.kv().get(read.key());
        if (entry == null) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "no key '" + read.key() + "' is here");
        }
        response.setHeader("ETag", "\"" + entry.index() + "\"");
        JsonBuffer body =
                new JsonBuffer(64 + entry.key().length() + entry.value().length());
        if (mediaType.equals(ReplogMediaTypes.JSON)) {
            KvJson.string(body.ascii("{\"key\":"), entry.key());
            KvJson.string(body.ascii(",\"value\":"), entry.value());
            body.ascii(",\"index\":").number(entry.index()).raw('}');
            response.setContentType(ReplogMediaTypes.JSON);
        } else {
            body.raw(KvText.toBytes(entry.value()));
            response.setContentType(ReplogMediaTypes.TEXT + ";charset=UTF-8");
        }
        response.setContentLength(body.length());
        body.drainTo(response.getOutputStream());
    }

    void dump(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String mediaType = MediaTypes.choose(request, ReplogMediaTypes.JSON, ReplogMediaTypes.TEXT);
        QueryParameters query = QueryParameters.of(request);
        StateMachineView state = await(query, ReadLevel.LOCAL);
        Iterable<KvMap.Entry> entries = state.kv().withPrefix(Objects.requireNonNullElse(query.text("prefix"), ""));
        if (mediaType.equals(ReplogMediaTypes.JSON)) {
            response.setContentType(ReplogMediaTypes.JSON);
            dumpJson(state.appliedIndex(), entries, response.getOutputStream());
        } else {
            response.setContentType(ReplogMediaTypes.TEXT + ";charset=UTF-8");
            dumpText(entries, response.getOutputStream());
        }
    }

    private static void dumpJson(long index, Iterable<KvMap.Entry> entries, OutputStream out) throws IOException {
        JsonBuffer json = new JsonBuffer(PIECE_BYTES + 1024);
        json.ascii("{\"index\":").number(index).ascii(",\"entries\":[");
        boolean separate = false;
        for (KvMap.Entry entry : entries) {
            if (separate) {
                json.raw(',');
            }
            separate = true;
            KvJson.string(json.ascii("{\"key\":"), entry.key());
            KvJson.string(json.ascii(",\"value\":"), entry.value()).raw('}');
            if (json.length() >= PIECE_BYTES) {
                json.drainTo(out);
            }
        }
        json.ascii("]}").drainTo(out);
    }

    private static void dumpText(Iterable<KvMap.Entry> entries, OutputStream out) throws IOException {
        JsonBuffer lines = new JsonBuffer(PIECE_BYTES + 1024);
        for (KvMap.Entry entry : entries) {
            lines.raw(KvLine.of(entry)).raw('\n');
            if (lines.length() >= PIECE_BYTES) {
                lines.drainTo(out);
            }
        }
        lines.drainTo(out);
    }

    /** Keys are read from what is applied, and only committed entries are; so {@code local} is no less than {@code committed}. */
    private StateMachineView await(QueryParameters query, ReadLevel otherwise) {
        ReadParameters read = ReadParameters.of(query, otherwise);
        ReadLevel level = read.level() == ReadLevel.LOCAL ? ReadLevel.COMMITTED : read.level();
        return gate.await(new ReadParameters(level, read.minIndex(), read.patience()))
                .state();
    }
}
