package io.replog.systemtests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** Plain HTTP/1.1 to the nodes, nothing of replog's own client in it. Thread-safe. */
public final class Http implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /** A request to build on; {@code headers} are names and values in turn. */
    public static HttpRequest.Builder request(String url, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder;
    }

    /** @throws UncheckedIOException where there was no answer, or not in time */
    public Reply send(HttpRequest.Builder request) {
        Instant start = Instant.now();
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return Reply.of(response, Duration.between(start, Instant.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(request.build().uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public CompletableFuture<Reply> sendAsync(HttpRequest.Builder request) {
        Instant start = Instant.now();
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(response -> Reply.of(response, Duration.between(start, Instant.now())));
    }

    /** For answers that never end. */
    public HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
