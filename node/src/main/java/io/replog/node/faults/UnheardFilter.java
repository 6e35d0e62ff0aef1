package io.replog.node.faults;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Lets a request be worked on while its answer, an error too, goes nowhere. The outermost filter: what it holds back
 * neither the server nor its error pages get to see.
 */
public final class UnheardFilter implements Filter {
    /** Attribute of a request that is to be worked on unheard. */
    static final String UNHEARD = UnheardFilter.class.getName();

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getAttribute(UNHEARD) != null && response instanceof HttpServletResponse http) {
            chain.doFilter(request, new Unheard(http));
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Takes an answer and forgets it. */
    private static final class Unheard extends HttpServletResponseWrapper {
        private static final ServletOutputStream NOWHERE = new ServletOutputStream() {
            @Override
            public void write(int b) {}

            @Override
            public void write(byte[] bytes, int offset, int length) {}

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new IllegalStateException("answers are written by the thread that works on the request");
            }
        };

        private int status = SC_OK;

        Unheard(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return NOWHERE;
        }

        @Override
        public PrintWriter getWriter() {
            return new PrintWriter(new OutputStreamWriter(NOWHERE, StandardCharsets.UTF_8));
        }

        @Override
        public void setStatus(int newStatus) {
            status = newStatus;
        }

        @Override
        public int getStatus() {
            return status;
        }

        @Override
        public void sendError(int newStatus) {
            status = newStatus;
        }

        @Override
        public void sendError(int newStatus, String message) {
            status = newStatus;
        }

        @Override
        public void flushBuffer() {}
    }
}
