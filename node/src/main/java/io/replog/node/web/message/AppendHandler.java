package io.replog.node.web.message;

import io.replog.api.ReplogHeaders;
import io.replog.api.ReplogMediaTypes;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.replica.Outcome;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.BodyBudget;
import io.replog.node.web.http.MediaTypes;
import io.replog.node.web.http.Outcomes;
import io.replog.node.web.http.RequestBody;
import io.replog.node.web.http.RequestKeys;
import io.replog.node.web.http.WriteParameters;
import io.replog.node.web.json.JsonBuffer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * {@code POST /messages}, on the leader. The request's thread does all that can be done before the log's order: it reads,
 * checks and encodes, and then waits.
 */
final class AppendHandler {
    private final ReplicatedLog log;
    private final WebSettings settings;
    private final BodyBudget budget;

    AppendHandler(ReplicatedLog log, WebSettings settings, BodyBudget budget) {
        this.log = log;
        this.settings = settings;
        this.budget = budget;
    }

    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        MediaTypes.choose(request, ReplogMediaTypes.JSON);
        String mediaType = MediaTypes.ofBody(request);
        int maxBytes =
                mediaType.equals(ReplogMediaTypes.NDJSON) ? WebSettings.MAX_BATCH_BYTES : settings.maxJsonBytes();
        boolean isBatch;
        WriteParameters parameters;
        EncodedRequest encoded;
        try (BodyBudget.Lease lease = budget.lease()) {
            byte[] body = RequestBody.read(request, maxBytes, lease);
            NewMessages messages = NewMessages.parse(mediaType, body, settings.maxMessageBytes());
            isBatch = messages.isBatch();
            parameters = WriteParameters.of(request, messages.w(), settings.writeConcern());
            RequestKey key = RequestKeys.of(request, messages::fingerprint);
            encoded = EntryCodec.encode(key, new Payload.Messages(messages.texts()));
        }
        Outcome outcome = Outcomes.await(log, () -> log.append(encoded, parameters.w(), parameters.deadline()));
        if (!(outcome instanceof Outcome.Acknowledged acknowledged)) {
            throw new IllegalStateException("an append ended as " + outcome);
        }
        answer(response, acknowledged, isBatch);
    }

    private static void answer(HttpServletResponse response, Outcome.Acknowledged acknowledged, boolean isBatch)
            throws IOException {
        Outcome.Placement placement = acknowledged.placement();
        long count = placement.lastId() - placement.firstId() + 1;
        JsonBuffer json = new JsonBuffer(192);
        if (isBatch) {
            json.ascii("{\"firstId\":").number(placement.firstId());
            json.ascii(",\"lastId\":").number(placement.lastId());
            json.ascii(",\"count\":").number(count);
        } else {
            json.ascii("{\"id\":").number(placement.lastId());
        }
        json.ascii(",\"index\":").number(placement.index());
        json.ascii(",\"term\":").number(placement.term());
        json.ascii(",\"w\":").number(acknowledged.w());
        json.ascii(",\"acks\":").plainStrings(placement.acks());
        json.ascii(",\"committed\":").bool(placement.committed()).raw('}');
        response.setHeader(
                "Location",
                isBatch
                        ? "/messages?from=" + placement.firstId() + "&limit=" + count
                        : "/messages/" + placement.lastId());
        if (acknowledged.replayed()) {
            response.setStatus(HttpServletResponse.SC_OK);
            response.setHeader(ReplogHeaders.IDEMPOTENT_REPLAYED, "true");
        } else {
            response.setStatus(HttpServletResponse.SC_CREATED);
        }
        response.setContentType(ReplogMediaTypes.JSON);
        response.setContentLength(json.length());
        json.drainTo(response.getOutputStream());
    }
}
