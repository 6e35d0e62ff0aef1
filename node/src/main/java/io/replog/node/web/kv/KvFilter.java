package io.replog.node.web.kv;

import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.http.BodyBudget;
import io.replog.node.web.http.ReadGate;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * {@code /kv}. The last filter rather than a servlet: a key may be anything, {@code ..} too, and the server maps servlets by a path
 * that it has decoded and tidied up.
 */
public final class KvFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient KvWriteHandler writes;
    private final transient KvReadHandler reads;

    public KvFilter(ReplicatedLog log, WebSettings settings, BodyBudget budget, ReadGate gate) {
        writes = new KvWriteHandler(log, settings, budget);
        reads = new KvReadHandler(gate);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getRequestURI();
        if (!KvPath.isBelowRoot(path)) {
            chain.doFilter(request, response);
            return;
        }
        switch (KvPath.of(request.getMethod(), path)) {
            case KvPath.Dump _ -> reads.dump(request, response);
            case KvPath.Read read -> reads.read(read, request, response);
            case KvPath.Write write -> writes.handle(write, request, response);
        }
    }
}
