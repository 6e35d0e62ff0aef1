package io.replog.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.replog.node.engine.EngineListeners;
import io.replog.node.engine.Halt;
import io.replog.node.engine.ReplicaEngine;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.faults.ClientFaultValve;
import io.replog.node.faults.FaultController;
import io.replog.node.faults.FaultDelay;
import io.replog.node.faults.Faults;
import io.replog.node.faults.FaultyDisk;
import io.replog.node.faults.FaultyLeaderTransport;
import io.replog.node.faults.FaultyLog;
import io.replog.node.faults.FaultyTransport;
import io.replog.node.faults.UnheardFilter;
import io.replog.node.ops.ClusterHealthIndicator;
import io.replog.node.ops.EventLog;
import io.replog.node.ops.ReplogMetrics;
import io.replog.node.peer.DelayedTransport;
import io.replog.node.peer.PeerOptions;
import io.replog.node.peer.PeerStreamServlet;
import io.replog.node.peer.PeerTransport;
import io.replog.node.peer.SocketTransport;
import io.replog.node.text.TextConfiguration;
import io.replog.node.web.WebConfiguration;
import io.replog.node.web.forward.LeaderTransport;
import io.replog.node.web.forward.PooledLeaderTransport;
import io.replog.storage.Disk;
import io.replog.storage.FileDisk;
import io.replog.storage.StorageException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

/** Makes an application a node of a replicated log: the engine, its transport, health, metrics and faults. */
@AutoConfiguration(before = ErrorMvcAutoConfiguration.class)
@Import({WebConfiguration.class, TextConfiguration.class})
@EnableConfigurationProperties(ReplogProperties.class)
public class NodeAutoConfiguration {
    private static final Duration LEAST_SILENCE = Duration.ofSeconds(2);

    @Bean
    NodeSettings nodeSettings(ReplogProperties properties) {
        return NodeSettings.of(properties);
    }

    @Bean
    SocketTransport socketTransport(NodeSettings settings) {
        Duration timeout = Duration.ofNanos(settings.replica().timing().electionTimeout() * 2);
        PeerOptions options = new PeerOptions(
                settings.id(),
                settings.self().url(),
                settings.clusterSecret(),
                settings.maxPeerFrameBytes(),
                settings.replica().limits().inFlightBytes() * 2L,
                timeout.compareTo(LEAST_SILENCE) < 0 ? LEAST_SILENCE : timeout);
        return new SocketTransport(options, new SplittableRandom());
    }

    @Bean
    ServletRegistrationBean<PeerStreamServlet> peerStreamServlet(SocketTransport transport, NodeSettings settings) {
        PeerStreamServlet servlet = new PeerStreamServlet(transport, settings.clusterSecret());
        return new ServletRegistrationBean<>(servlet, "/peer/*");
    }

    @Bean
    EventLog eventLog(NodeSettings settings) {
        return new EventLog(
                settings.id(), InstantSource.system(), settings.limits().events());
    }

    @Bean
    ReplogMetrics replogMetrics(MeterRegistry registry) {
        return new ReplogMetrics(registry);
    }

    @Bean(destroyMethod = "close")
    FileDisk fileDisk(NodeSettings settings) {
        try {
            return FileDisk.open(settings.dataDir());
        } catch (StorageException e) {
            throw EngineFactory.unusable(settings, e);
        }
    }

    @Bean
    Halt halt() {
        return Halt.process();
    }

    @Bean(destroyMethod = "close")
    ReplicaEngine replicaEngine(
            NodeSettings settings,
            FileDisk fileDisk,
            SocketTransport sockets,
            ObjectProvider<Faults> faults,
            EventLog events,
            ReplogMetrics metrics,
            Halt halt) {
        Faults active = faults.getIfAvailable();
        Disk disk = active == null ? fileDisk : new FaultyDisk(fileDisk, active);
        PeerTransport transport =
                active == null ? sockets : new FaultyTransport(sockets, active, new SplittableRandom());
        if (active != null) {
            transport =
                    new DelayedTransport(transport, new FaultDelay(active, settings.delay(), new SplittableRandom()));
        } else if (settings.delay().isPositive()) {
            long delay = settings.delay().toNanos();
            transport = new DelayedTransport(transport, () -> delay);
        }
        EngineFactory factory = new EngineFactory(settings, new SecureRandom());
        ReplicaEngine engine =
                factory.create(disk, transport, new EngineListeners(List.of(events, metrics)), metrics, halt);
        metrics.bind(engine, sockets);
        return engine;
    }

    @Bean
    EngineLifecycle engineLifecycle(ReplicaEngine engine, EventLog events, NodeSettings settings) {
        return new EngineLifecycle(engine, events, settings);
    }

    @Bean
    ClusterHealthIndicator clusterHealthIndicator(ReplicatedLog log) {
        return new ClusterHealthIndicator(log);
    }

    /** Faults on purpose, off unless they are asked for. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("replog.faults.enabled")
    static class FaultConfiguration {
        @Bean
        Faults faults() {
            return new Faults();
        }

        @Bean
        @Primary
        ReplicatedLog faultyLog(ReplicaEngine engine, Faults faults, Halt halt) {
            return new FaultyLog(engine, faults, halt);
        }

        @Bean
        @Primary
        LeaderTransport faultyLeaderTransport(PooledLeaderTransport pooled, Faults faults) {
            return new FaultyLeaderTransport(pooled, faults);
        }

        @Bean
        FaultController faultController(Faults faults, JsonMapper mapper) {
            return new FaultController(faults, mapper);
        }

        @Bean
        FilterRegistrationBean<UnheardFilter> unheardFilter() {
            FilterRegistrationBean<UnheardFilter> registration = new FilterRegistrationBean<>(new UnheardFilter());
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }

        @Bean
        WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> clientFaults(Faults faults) {
            return factory -> factory.addEngineValves(new ClientFaultValve(
                    faults, () -> ThreadLocalRandom.current().nextLong()));
        }
    }
}
