package io.replog.node.web;

import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.http.NodeHeaders;
import io.replog.node.web.http.ProblemWriter;
import java.io.IOException;
import java.util.Map;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what Tomcat refuses before any filter sees it, a malformed request line say, with a problem as everything else.
 * Thread-safe.
 */
final class ProblemReportValve extends ErrorReportValve {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemReportValve.class);

    private final NodeHeaders headers;

    ProblemReportValve(ReplicatedLog log) {
        headers = new NodeHeaders(log);
    }

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            headers.set(response);
            String message = response.getMessage();
            String detail = message == null || message.isEmpty() ? "the request is not understood" : message;
            ProblemWriter.write(
                    request.getRequest(), response.getResponse(), ProblemWriter.ofStatus(status, detail), Map.of());
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("an error could not be reported", e);
        }
    }
}
