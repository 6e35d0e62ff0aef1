package io.replog.node;

import io.replog.core.replica.ReplicaStatus;
import io.replog.node.engine.ReplicaEngine;
import io.replog.node.ops.EventLog;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the engine behind the web server, so that a node whose port is taken founds no cluster; and before the web server
 * stops, ends the event streams and hands the lead over while requests can still be forwarded and answered.
 */
final class EngineLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLifecycle.class);

    private final ReplicaEngine engine;
    private final EventLog events;
    private final NodeSettings settings;
    private volatile boolean running;

    EngineLifecycle(ReplicaEngine engine, EventLog events, NodeSettings settings) {
        this.engine = engine;
        this.events = events;
        this.settings = settings;
    }

    @Override
    public void start() {
        running = true;
        if (settings.clusterSecret() == null) {
            LOG.warn("replog.cluster-secret is not set: whoever reaches the port can speak as a peer");
        }
        ReplicaStatus status = engine.status();
        LOG.info(
                "node {} serves {} from {}, term {}, last index {}, members {}",
                settings.id(),
                settings.self().url(),
                settings.dataDir(),
                status.term(),
                status.lastIndex(),
                settings.replica().configured().members().stream()
                        .map(member -> member.id() + "=" + member.url())
                        .toList());
        engine.start();
    }

    @Override
    public void stop() {
        running = false;
        events.stopping(engine.status());
        events.endWaits();
        Duration timeout = settings.limits().drainTimeout();
        try {
            engine.prepareToStop(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
