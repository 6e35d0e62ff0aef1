package io.replog.node.web.kv;

import io.replog.api.ReplogHeaders;
import io.replog.api.ReplogMediaTypes;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.core.kv.KvCommand;
import io.replog.core.kv.KvResult;
import io.replog.core.kv.KvText;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.replica.Outcome;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.BodyBudget;
import io.replog.node.web.http.Fingerprint;
import io.replog.node.web.http.MediaTypes;
import io.replog.node.web.http.Outcomes;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.RequestKeys;
import io.replog.node.web.http.WriteParameters;
import io.replog.node.web.json.JsonBuffer;
import io.replog.node.web.json.TextBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes to a key, on the leader. */
final class KvWriteHandler {
    private final ReplicatedLog log;
    private final WebSettings settings;
    private final BodyBudget budget;

    KvWriteHandler(ReplicatedLog log, WebSettings settings, BodyBudget budget) {
        this.log = log;
        this.settings = settings;
        this.budget = budget;
    }

    void handle(KvPath.Write write, HttpServletRequest request, HttpServletResponse response) throws IOException {
        MediaTypes.choose(request, ReplogMediaTypes.JSON);
        KvCommand command;
        WriteParameters parameters;
        EncodedRequest encoded;
        try (BodyBudget.Lease lease = budget.lease()) {
            TextBody body = write.operation() == KvCommand.Operation.DELETE
                    ? new TextBody(new byte[0], null)
                    : KvBody.read(request, settings, lease);
            String value = KvText.fromBytes(body.text());
            command = new KvCommand(write.operation(), write.key(), value, KvConditions.of(request));
            parameters = WriteParameters.of(request, body.w(), settings.kvWriteConcern());
            RequestKey key = RequestKeys.of(request, () -> Fingerprint.ofCommand(command, body.text()));
            encoded = EntryCodec.encode(key, new Payload.Command(command));
        }
        Outcome outcome = Outcomes.await(log, () -> log.append(encoded, parameters.w(), parameters.deadline()));
        if (!(outcome instanceof Outcome.Acknowledged acknowledged)) {
            throw new IllegalStateException("a write to a key ended as " + outcome);
        }
        answer(response, command, acknowledged);
    }

    private static void answer(HttpServletResponse response, KvCommand command, Outcome.Acknowledged acknowledged)
            throws IOException {
        JsonBuffer json =
                switch (acknowledged.kv()) {
                    case KvResult.Applied applied -> applied(command, applied);
                    case KvResult.Forgotten forgotten -> forgotten(command, forgotten.index());
                    case KvResult.ConditionFailed failed ->
                        throw new ProblemException(Problem.of(
                                        ProblemType.CONDITION_FAILED,
                                        failed.currentIndex() == 0
                                                ? "the key is absent"
                                                : "the key's ETag is \"" + failed.currentIndex() + "\"")
                                .withIndex(failed.currentIndex()));
                    case KvResult.ValueTooLarge _ ->
                        throw ProblemException.of(
                                ProblemType.TOO_LARGE,
                                "the key's value would grow beyond " + KvCommand.MAX_VALUE_BYTES + " bytes");
                    case null -> throw new IllegalStateException("a command was acknowledged without a result");
                };
        if (acknowledged.replayed()) {
            response.setHeader(ReplogHeaders.IDEMPOTENT_REPLAYED, "true");
        }
        if (command.operation() != KvCommand.Operation.DELETE) {
            response.setHeader("ETag", "\"" + acknowledged.placement().index() + "\"");
        }
        response.setContentType(ReplogMediaTypes.JSON);
        response.setContentLength(json.length());
        json.drainTo(response.getOutputStream());
    }

    private static JsonBuffer applied(KvCommand command, KvResult.Applied result) {
        JsonBuffer json = new JsonBuffer(128);
        return switch (command.operation()) {
            case PUT, APPEND -> {
                key(json, command);
                value(json.raw(','), result.value());
                json.ascii(",\"index\":").number(result.index());
                yield previous(json.raw(','), result).raw('}');
            }
            case HASH -> {
                previous(json.raw('{'), result);
                value(json.raw(','), result.value());
                yield json.ascii(",\"index\":").number(result.index()).raw('}');
            }
            case DELETE -> {
                key(json, command);
                previous(json.raw(','), result);
                yield json.ascii(",\"index\":").number(result.index()).raw('}');
            }
        };
    }

    /** A repeat whose first answer's values are kept no more: what is not known is left out. */
    private static JsonBuffer forgotten(KvCommand command, long index) {
        JsonBuffer json = new JsonBuffer(128);
        key(json, command);
        if (command.operation() == KvCommand.Operation.PUT) {
            value(json.raw(','), command.value());
        }
        return json.ascii(",\"index\":").number(index).raw('}');
    }

    private static void key(JsonBuffer json, KvCommand command) {
        KvJson.string(json.ascii("{\"key\":"), command.key());
    }

    private static void value(JsonBuffer json, @Nullable String value) {
        KvJson.stringOrNull(json.ascii("\"value\":"), value);
    }

    private static JsonBuffer previous(JsonBuffer json, KvResult.Applied result) {
        return KvJson.stringOrNull(json.ascii("\"previous\":"), result.previous());
    }
}
