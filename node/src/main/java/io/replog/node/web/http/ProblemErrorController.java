package io.replog.node.web.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers what the servlet container itself refuses. */
@RestController
public final class ProblemErrorController implements ErrorController {
    @RequestMapping("${spring.web.error.path:${error.path:/error}}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object message = request.getAttribute(RequestDispatcher.ERROR_MESSAGE);
        int code = status instanceof Integer number ? number : HttpServletResponse.SC_NOT_FOUND;
        String detail = message instanceof String text && !text.isEmpty() ? text : "HTTP status " + code;
        ProblemWriter.write(request, response, ProblemWriter.ofStatus(code, detail), Map.of());
    }
}
