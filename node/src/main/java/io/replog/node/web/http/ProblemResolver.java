package io.replog.node.web.http;

import io.replog.api.problem.Problem;
import io.replog.api.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Answers what goes wrong in Spring's dispatcher, Spring's own refusals too, with our problems. */
public final class ProblemResolver implements HandlerExceptionResolver, Ordered {
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception exception) {
        Map<String, String> headers = new LinkedHashMap<>();
        Problem problem =
                switch (exception) {
                    case ProblemException e -> {
                        headers.putAll(e.headers());
                        yield e.problem();
                    }
                    case HttpMessageNotReadableException e ->
                        Problem.of(ProblemType.BAD_REQUEST, "the body is not accepted: " + firstLine(e));
                    case MethodArgumentTypeMismatchException e ->
                        Problem.of(ProblemType.BAD_REQUEST, "'" + e.getName() + "' is not accepted: " + firstLine(e));
                    case ErrorResponse e -> {
                        HttpHeaders own = e.getHeaders();
                        own.forEach((name, values) -> headers.put(name, String.join(", ", values)));
                        yield ProblemWriter.ofStatus(e.getStatusCode().value(), detail(e, request));
                    }
                    default -> null;
                };
        if (problem == null || response.isCommitted()) {
            return null;
        }
        try {
            ProblemWriter.write(request, response, problem, headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelAndView();
    }

    private static String detail(ErrorResponse response, HttpServletRequest request) {
        int status = response.getStatusCode().value();
        if (status == 404) {
            return "nothing is at " + request.getRequestURI();
        }
        String detail = response.getBody().getDetail();
        return detail == null ? request.getMethod() + " " + request.getRequestURI() : detail;
    }

    private static String firstLine(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
