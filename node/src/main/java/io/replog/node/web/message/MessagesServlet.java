package io.replog.node.web.message;

import io.replog.api.ReplogMediaTypes;
import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.BodyBudget;
import io.replog.node.web.http.MediaTypes;
import io.replog.node.web.http.ProblemException;
import io.replog.node.web.http.QueryParameters;
import io.replog.node.web.http.ReadGate;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * {@code /messages}: appends, lists and follows. A servlet of its own beside Spring's dispatcher, because every message
 * comes through here and the dispatcher costs more than all that is done here.
 */
public final class MessagesServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient AppendHandler append;
    private final transient ListHandler list;
    private final transient FollowHandler follow;

    public MessagesServlet(
            ReplicatedLog log, WebSettings settings, BodyBudget budget, ReadGate gate, LiveStreams streams) {
        append = new AppendHandler(log, settings, budget);
        list = new ListHandler(log, gate);
        follow = new FollowHandler(log, settings, gate, streams);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "POST" -> append.handle(request, response);
            case "GET", "HEAD" -> read(request, response);
            case "OPTIONS" -> response.setHeader("Allow", "GET, HEAD, POST, OPTIONS");
            default ->
                throw new ProblemException(
                        Problem.of(
                                ProblemType.METHOD_NOT_ALLOWED,
                                request.getMethod() + " is not served here: served are GET and POST"),
                        Map.of("Allow", "GET, HEAD, POST, OPTIONS"));
        }
    }

    private void read(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryParameters query = QueryParameters.of(request);
        String mediaType = MediaTypes.choose(
                request,
                ReplogMediaTypes.JSON,
                ReplogMediaTypes.NDJSON,
                ReplogMediaTypes.TEXT,
                ReplogMediaTypes.EVENT_STREAM);
        if (mediaType.equals(ReplogMediaTypes.EVENT_STREAM)) {
            follow.handle(request, query, response);
        } else {
            list.handle(request, query, mediaType, response);
        }
    }
}
