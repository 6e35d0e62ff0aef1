package io.replog.node.web.forward;

import io.replog.core.quorum.Member;
import io.replog.node.engine.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Over keep-alive connections, as many as there are requests under way. */
public final class PooledLeaderTransport implements LeaderTransport, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PooledLeaderTransport.class);
    private static final int MAX_IDLE = 256;

    /** Well below the time after which a node closes an idle connection, so that a request does not meet the closing. */
    private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(10);

    private final Duration connectTimeout;
    private final Map<String, BlockingDeque<LeaderConnection>> idle = new ConcurrentHashMap<>();

    public PooledLeaderTransport(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    @Override
    public Result exchange(Member node, Request request, Deadline deadline, BooleanSupplier giveUp) {
        LeaderConnection connection;
        try {
            connection = borrow(node.url());
        } catch (IOException | IllegalArgumentException e) {
            return new Result.NotSent(node.id() + " cannot be reached: " + e.getMessage());
        }
        try {
            connection.send(request);
            Result.Answered answer = connection.receive(request.method(), deadline, giveUp);
            giveBack(node.url(), connection);
            return answer;
        } catch (IOException e) {
            closeQuietly(connection);
            return new Result.Broken(String.valueOf(e.getMessage()));
        }
    }

    private LeaderConnection borrow(String url) throws IOException {
        BlockingDeque<LeaderConnection> connections = idle.get(url);
        while (connections != null) {
            @Nullable LeaderConnection connection = connections.pollFirst();
            if (connection == null) {
                break;
            }
            if (!connection.isStale(MAX_IDLE_TIME)) {
                return connection;
            }
            closeQuietly(connection);
        }
        return LeaderConnection.open(url, connectTimeout);
    }

    private void giveBack(String url, LeaderConnection connection) {
        BlockingDeque<LeaderConnection> connections =
                idle.computeIfAbsent(url, _ -> new LinkedBlockingDeque<>(MAX_IDLE));
        if (!connection.isReusable() || !connections.offerFirst(connection)) {
            closeQuietly(connection);
        }
    }

    @Override
    public void close() {
        for (BlockingDeque<LeaderConnection> connections : idle.values()) {
            connections.forEach(PooledLeaderTransport::closeQuietly);
            connections.clear();
        }
    }

    private static void closeQuietly(LeaderConnection connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("closing a connection failed", e);
        }
    }
}
