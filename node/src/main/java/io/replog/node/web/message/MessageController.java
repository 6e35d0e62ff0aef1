package io.replog.node.web.message;

import io.replog.api.message.MessageAcks;
import io.replog.api.message.MessageDetail;
import io.replog.api.problem.ProblemType;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.MessageCursor;
import io.replog.core.quorum.NodeId;
import io.replog.core.quorum.ReadLevel;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.Role;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.NotLeaderException;
import io.replog.node.web.http.Outcomes;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.http.ReadGate;
import io.replog.node.web.http.ReadParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /messages/{id}}: one message, and who holds it. */
@RestController
public final class MessageController {
    private final ReplicatedLog log;
    private final ReadGate gate;

    public MessageController(ReplicatedLog log, ReadGate gate) {
        this.log = log;
        this.gate = gate;
    }

    @GetMapping(path = "/messages/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    MessageDetail message(@PathVariable("id") String text, HttpServletRequest request) {
        long id = id(text);
        ReadParameters read = ReadParameters.of(QueryParameters.of(request), ReadLevel.LOCAL);
        gate.await(read);
        if (id > gate.lastId(read.level())) {
            throw notFound(id);
        }
        LogEntry entry = entryOf(id);
        MessageCursor message = cursorAt(entry, id);
        return new MessageDetail(
                id,
                new String(message.array(), message.offset(), message.length(), StandardCharsets.UTF_8),
                message.index(),
                entry.term(),
                Instant.ofEpochMilli(entry.timestampMillis()));
    }

    /** Answered by the leader, which alone knows; others are asked through it. */
    @GetMapping(path = "/messages/{id}/acks", produces = MediaType.APPLICATION_JSON_VALUE)
    MessageAcks acks(@PathVariable("id") String text, HttpServletRequest request) {
        long id = id(text);
        Duration patience = QueryParameters.of(request).duration("wait");
        if (log.status().role() != Role.LEADER) {
            throw new NotLeaderException();
        }
        LogEntry entry = entryOf(id);
        long index = cursorAt(entry, id).index();
        Deadline deadline = Deadline.after(patience == null ? Duration.ZERO : patience);
        Outcome outcome = Outcomes.await(log, () -> log.awaitAcks(entry.lastIndex(), deadline));
        if (!(outcome instanceof Outcome.Acks acks)) {
            throw new IllegalStateException("waiting for acks ended as " + outcome);
        }
        Outcome.Placement placement = acks.placement();
        return new MessageAcks(id, index, names(placement.acks()), names(placement.missing()), placement.committed());
    }

    private LogEntry entryOf(long id) {
        return log.log().entryOfMessage(id).filter(entry -> !entry.isOmitted()).orElseThrow(() -> notFound(id));
    }

    private static MessageCursor cursorAt(LogEntry entry, long id) {
        MessageCursor messages = EntryCodec.messages(entry);
        while (messages.next()) {
            if (messages.id() == id) {
                return messages;
            }
        }
        throw new IllegalStateException(entry + " does not hold message " + id);
    }

    private static long id(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw ProblemException.badRequest("message id '" + text + "': accepted is a whole number from 1");
        }
        long id = Long.parseLong(text);
        if (id < 1) {
            throw notFound(id);
        }
        return id;
    }

    private static ProblemException notFound(long id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "no message has id " + id + " here");
    }

    private static List<String> names(List<NodeId> ids) {
        return ids.stream().map(NodeId::value).toList();
    }
}
