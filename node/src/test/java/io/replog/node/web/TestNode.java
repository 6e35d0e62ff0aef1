package io.replog.node.web;

import io.replog.core.quorum.WriteConcern;
import io.replog.node.NodeAutoConfiguration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The HTTP edge on a real Tomcat at a free port, with a fake log behind it. */
public final class TestNode implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final FakeLog log;
    private final FakeEvents events;

    private TestNode(ConfigurableApplicationContext context, FakeLog log, FakeEvents events) {
        this.context = context;
        this.log = log;
        this.events = events;
    }

    public static TestNode start(FakeLog log) {
        return start(log, UnaryOperator.identity());
    }

    public static TestNode start(FakeLog log, UnaryOperator<WebSettings> change) {
        WebSettings settings = change.apply(WebSettings.of(
                log.self(), WriteConcern.ALL, WriteConcern.MAJORITY, 1024 * 1024, Duration.ofMillis(200)));
        FakeEvents events = new FakeEvents();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Edge.class)
                .web(WebApplicationType.SERVLET)
                .initializers(target -> {
                    GenericApplicationContext beans = (GenericApplicationContext) target;
                    beans.registerBean(FakeLog.class, () -> log);
                    beans.registerBean(FakeEvents.class, () -> events);
                    beans.registerBean(WebSettings.class, () -> settings);
                })
                .run(
                        "--server.port=0",
                        "--server.shutdown=immediate",
                        "--logging.level.root=error",
                        "--management.endpoint.health.group.readiness.include=readinessState");
        return new TestNode(context, log, events);
    }

    public FakeLog log() {
        return log;
    }

    public FakeEvents events() {
        return events;
    }

    /** What Spring's dispatcher serves, each as {@code GET /path}. */
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        context.getBeansOfType(RequestMappingHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods().keySet().forEach(info -> info.getPatternValues()
                        .forEach(path -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> operations.add(method + " " + path)))));
        return operations;
    }

    public int port() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    public URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    public HttpResponse<String> get(String pathAndQuery, String... headers) {
        return send(HttpRequest.newBuilder(uri(pathAndQuery)).GET(), headers);
    }

    public HttpResponse<String> post(String pathAndQuery, String contentType, String body, String... headers) {
        return send(
                HttpRequest.newBuilder(uri(pathAndQuery))
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                headers);
    }

    public HttpResponse<String> postJson(String pathAndQuery, String body, String... headers) {
        return post(pathAndQuery, "application/json", body, headers);
    }

    public HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = NodeAutoConfiguration.class)
    @Import(WebConfiguration.class)
    static class Edge {}
}
