package io.replog.node.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.replog.node.NodeSettings;
import io.replog.node.engine.ClusterEvents;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.cluster.ClusterController;
import io.replog.node.web.cluster.LogController;
import io.replog.node.web.cluster.StatusController;
import io.replog.node.web.forward.LeaderFilter;
import io.replog.node.web.forward.LeaderTransport;
import io.replog.node.web.forward.PooledLeaderTransport;
import io.replog.node.web.http.BodyBudget;
import io.replog.node.web.http.EdgeFilter;
import io.replog.node.web.http.NodeHeaders;
import io.replog.node.web.http.ProblemErrorController;
import io.replog.node.web.http.ProblemResolver;
import io.replog.node.web.http.ReadGate;
import io.replog.node.web.http.RequestMeters;
import io.replog.node.web.kv.KvFilter;
import io.replog.node.web.message.LiveStreams;
import io.replog.node.web.message.MessageController;
import io.replog.node.web.message.MessagesServlet;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.RequestContextFilter;

/** Puts the HTTP edge together. It needs a {@link ReplicatedLog} and {@link ClusterEvents}. */
@Configuration(proxyBeanMethods = false)
public class WebConfiguration {
    @Bean
    @ConditionalOnMissingBean
    WebSettings webSettings(NodeSettings settings) {
        return WebSettings.of(
                settings.id(),
                settings.writeConcern(),
                settings.kvWriteConcern(),
                settings.maxMessageBytes(),
                Duration.ofNanos(settings.replica().timing().electionTimeout()));
    }

    @Bean
    BodyBudget bodyBudget(WebSettings settings) {
        return new BodyBudget(settings.maxBodiesBytes());
    }

    @Bean
    ReadGate readGate(ReplicatedLog log, WebSettings settings) {
        return new ReadGate(log, settings);
    }

    @Bean
    LiveStreams liveStreams() {
        return new LiveStreams();
    }

    @Bean(destroyMethod = "close")
    PooledLeaderTransport pooledLeaderTransport(WebSettings settings) {
        return new PooledLeaderTransport(settings.forwardTimeout());
    }

    @Bean
    FilterRegistrationBean<EdgeFilter> edgeFilter(ReplicatedLog log, MeterRegistry registry) {
        FilterRegistrationBean<EdgeFilter> registration =
                new FilterRegistrationBean<>(new EdgeFilter(new NodeHeaders(log), new RequestMeters(registry)));
        // Behind the filter of the faults alone, which keeps answers from being heard.
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ERROR);
        return registration;
    }

    /** Nothing here asks for the request of a thread, so none is kept for it. */
    @Bean
    FilterRegistrationBean<RequestContextFilter> requestContextFilter() {
        FilterRegistrationBean<RequestContextFilter> registration =
                new FilterRegistrationBean<>(new RequestContextFilter());
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    FilterRegistrationBean<LeaderFilter> leaderFilter(
            ReplicatedLog log, WebSettings settings, BodyBudget budget, LeaderTransport transport) {
        FilterRegistrationBean<LeaderFilter> registration =
                new FilterRegistrationBean<>(new LeaderFilter(log, settings, budget, transport));
        registration.setOrder(Ordered.LOWEST_PRECEDENCE - 1);
        return registration;
    }

    @Bean
    FilterRegistrationBean<KvFilter> kvFilter(
            ReplicatedLog log, WebSettings settings, BodyBudget budget, ReadGate gate) {
        FilterRegistrationBean<KvFilter> registration =
                new FilterRegistrationBean<>(new KvFilter(log, settings, budget, gate));
        registration.setOrder(Ordered.LOWEST_PRECEDENCE);
        return registration;
    }

    @Bean
    ServletRegistrationBean<MessagesServlet> messagesServlet(
            ReplicatedLog log, WebSettings settings, BodyBudget budget, ReadGate gate, LiveStreams streams) {
        return new ServletRegistrationBean<>(new MessagesServlet(log, settings, budget, gate, streams), "/messages");
    }

    @Bean
    ServletRegistrationBean<EchoServlet> echoServlet(BodyBudget budget) {
        return new ServletRegistrationBean<>(new EchoServlet(budget, InstantSource.system()), "/echo");
    }

    @Bean
    MessageController messageController(ReplicatedLog log, ReadGate gate) {
        return new MessageController(log, gate);
    }

    @Bean
    StatusController statusController(ReplicatedLog log) {
        return new StatusController(log);
    }

    @Bean
    ClusterController clusterController(
            ReplicatedLog log,
            ClusterEvents events,
            LiveStreams streams,
            StatusController status,
            WebSettings settings) {
        return new ClusterController(log, events, streams, status, settings);
    }

    @Bean
    LogController logController(ReplicatedLog log) {
        return new LogController(log);
    }

    @Bean
    ApiDocsController apiDocsController() {
        return new ApiDocsController();
    }

    @Bean
    ProblemResolver problemResolver() {
        return new ProblemResolver();
    }

    @Bean
    ProblemErrorController problemErrorController() {
        return new ProblemErrorController();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatWebServerFactory> replogTomcat(ReplicatedLog log) {
        return factory -> {
            factory.addConnectorCustomizers(connector -> {
                KeyPathAdapter.install(connector);
                if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                    // A client's connection lasts as long as it uses it.
                    http.setMaxKeepAliveRequests(-1);
                    // So much of a refused body is read on, so that its sender gets to read the refusal.
                    http.setMaxSwallowSize(2 * WebSettings.MAX_BATCH_BYTES);
                }
                if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
                    protocol.setTcpNoDelay(true);
                }
            });
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass("");
                    host.getPipeline().addValve(new ProblemReportValve(log));
                }
            });
        };
    }
}
