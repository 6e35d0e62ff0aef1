package io.replog.node.web.cluster;

import io.replog.api.cluster.ClusterEvent;
import io.replog.api.cluster.ClusterView;
import io.replog.api.cluster.NewLeader;
import io.replog.api.cluster.NewMember;
import io.replog.api.problem.ProblemType;
import io.replog.core.quorum.Member;
import io.replog.core.quorum.MemberKind;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.Outcome;
import io.replog.core.replica.ReplicaStatus;
import io.replog.core.replica.Role;
import io.replog.node.engine.ClusterEvents;
import io.replog.node.engine.Deadline;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.MediaTypes;
import io.replog.node.web.http.NotLeaderException;
import io.replog.node.web.http.Outcomes;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.http.WriteParameters;
import io.replog.node.web.message.LiveStreams;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Changes of the cluster, on the leader; and what happens to it, as a stream. */
@RestController
public final class ClusterController {
    /** How long a change may take where the request does not say. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ReplicatedLog log;
    private final ClusterEvents events;
    private final LiveStreams streams;
    private final StatusController status;
    private final WebSettings settings;
    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    public ClusterController(
            ReplicatedLog log,
            ClusterEvents events,
            LiveStreams streams,
            StatusController status,
            WebSettings settings) {
        this.log = log;
        this.events = events;
        this.streams = streams;
        this.status = status;
        this.settings = settings;
    }

    @PostMapping(
            path = "/cluster/leader",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ClusterView handOver(@RequestBody byte[] body, HttpServletRequest request) {
        NewLeader wanted = parse(body, NewLeader.class, "{\"to\":\"id of a member\"}");
        NodeId to = nodeId("to", wanted.to());
        requireLeader();
        requireMember(to);
        await(request, deadline -> log.transferLeadership(to, deadline));
        return status.cluster();
    }

    @PostMapping(
            path = "/cluster/members",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ClusterView add(@RequestBody byte[] body, HttpServletRequest request) {
        NewMember wanted = parse(body, NewMember.class, "{\"id\":\"…\",\"url\":\"http://…\",\"kind\":\"voter\"}");
        NodeId id = nodeId("id", wanted.id());
        requireLeader();
        Optional<Member> present = member(id);
        MemberKind kind = wanted.kind() != null
                ? Names.kind(wanted.kind())
                : present.map(Member::kind).orElse(MemberKind.VOTER);
        Integer priority = wanted.priority();
        if (priority != null && priority < 0) {
            throw ProblemException.badRequest("'priority' is " + priority + ": accepted is a whole number from 0");
        }
        Member changed = new Member(
                id,
                url(wanted, present),
                kind,
                priority != null ? priority : present.map(Member::priority).orElse(Member.DEFAULT_PRIORITY),
                present.map(Member::incarnation).orElse(Member.UNBOUND));
        await(request, deadline -> log.addMember(changed, deadline));
        return status.cluster();
    }

    @DeleteMapping(path = "/cluster/members/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ClusterView remove(@PathVariable("id") String text, HttpServletRequest request) {
        NodeId id = nodeId("id", text);
        requireLeader();
        requireMember(id);
        await(request, deadline -> log.removeMember(id, deadline));
        return status.cluster();
    }

    @GetMapping("/cluster/events")
    void follow(HttpServletRequest request, HttpServletResponse response) throws IOException {
        MediaTypes.choose(request, MediaType.TEXT_EVENT_STREAM_VALUE);
        String lastEventId = request.getHeader("Last-Event-ID");
        if (lastEventId != null && !lastEventId.matches("[0-9]{1,18}")) {
            throw ProblemException.badRequest(
                    "Last-Event-ID is '" + lastEventId + "': accepted is the number of an event, or 0");
        }
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        OutputStream out = response.getOutputStream();
        streams.run(() -> send(lastEventId == null ? 0 : Long.parseLong(lastEventId), out));
    }

    private void send(long after, OutputStream out) throws IOException, InterruptedException {
        // The numbers begin anew with each start of the node.
        long sequence = after > events.lastSequence() ? 0 : after;
        text(out, ": following\n\n");
        while (!log.stopping()) {
            long last = sequence;
            List<ClusterEvent> news =
                    streams.await(() -> events.awaitAfter(last, Deadline.after(settings.keepAlive())));
            if (news.isEmpty()) {
                text(out, ": keep-alive\n\n");
            }
            for (ClusterEvent event : news) {
                text(
                        out,
                        "id: " + event.sequence() + "\nevent: " + event.type() + "\ndata: "
                                + json.writeValueAsString(event) + "\n\n");
                sequence = event.sequence();
            }
        }
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void await(HttpServletRequest request, Function<Deadline, CompletableFuture<Outcome>> change) {
        Deadline asked = WriteParameters.deadline(request, QueryParameters.of(request));
        Deadline deadline = asked.isNone() ? Deadline.after(PATIENCE) : asked;
        Outcome outcome = Outcomes.await(log, () -> change.apply(deadline));
        if (!(outcome instanceof Outcome.Done)) {
            throw new IllegalStateException("a change of the cluster ended as " + outcome);
        }
    }

    private void requireLeader() {
        if (log.status().role() != Role.LEADER) {
            throw new NotLeaderException();
        }
    }

    private void requireMember(NodeId id) {
        if (member(id).isEmpty()) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "no member has the id '" + id + "'");
        }
    }

    private Optional<Member> member(NodeId id) {
        return log.status().members().stream()
                .map(ReplicaStatus.MemberStatus::member)
                .filter(member -> member.id().equals(id))
                .findFirst();
    }

    private static String url(NewMember wanted, Optional<Member> present) {
        String url = wanted.url();
        if (url == null) {
            return present.map(Member::url)
                    .orElseThrow(() -> ProblemException.badRequest("'url' is missing: accepted is a base URL"));
        }
        try {
            URI uri = URI.create(url);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getQuery() == null) {
                return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
            }
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("'url' is '" + url + "': " + e.getMessage());
        }
        throw ProblemException.badRequest("'url' is '" + url + "': accepted is a base URL as http://host:port");
    }

    private static NodeId nodeId(String field, String text) {
        if (text == null) {
            throw ProblemException.badRequest("'" + field + "' is missing: accepted is the id of a node");
        }
        try {
            return new NodeId(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("'" + field + "': " + e.getMessage());
        }
    }

    private <T> T parse(byte[] body, Class<T> type, String accepted) {
        try {
            T value = json.readValue(body, type);
            if (value == null) {
                throw ProblemException.badRequest("the body is null: accepted is " + accepted);
            }
            return value;
        } catch (JacksonException e) {
            throw ProblemException.badRequest(
                    "the body is not accepted (" + e.getOriginalMessage() + "): accepted is " + accepted);
        }
    }
}
