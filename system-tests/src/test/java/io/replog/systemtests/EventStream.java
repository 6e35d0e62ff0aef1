package io.replog.systemtests;

import io.replog.systemtests.harness.Http;
import io.replog.systemtests.harness.Node;
import io.replog.systemtests.harness.Wait;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Follows a node's log as {@code text/event-stream}. */
final class EventStream implements AutoCloseable {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Long> ids = new CopyOnWriteArrayList<>();

    private EventStream() {}

    /** @param lastEventId where an earlier stream ended, empty for none */
    static EventStream open(Node node, String path, String lastEventId) throws Exception {
        EventStream stream = new EventStream();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        Http.request(node.url() + path).build().uri())
                .header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<Stream<String>> response =
                stream.client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new AssertionError("no stream: " + response);
        }
        Thread.ofVirtual().start(() -> stream.read(response.body()));
        return stream;
    }

    private void read(Stream<String> lines) {
        try (lines) {
            lines.filter(line -> line.startsWith("id:"))
                    .forEach(line -> ids.add(Long.parseLong(line.substring(3).strip())));
        } catch (RuntimeException e) {
            // closed: what came until then counts
        }
    }

    void awaitIds(int count) {
        Wait.until(count + " events", Duration.ofSeconds(60), () -> ids.size() >= count);
    }

    List<Long> ids() {
        return List.copyOf(ids);
    }

    String lastId() {
        return Long.toString(ids.getLast());
    }

    /** Pairs of neighbours that are not consecutive. */
    List<String> gaps() {
        List<Long> seen = ids();
        List<String> gaps = new ArrayList<>();
        for (int i = 1; i < seen.size(); i++) {
            if (seen.get(i) != seen.get(i - 1) + 1) {
                gaps.add(seen.get(i - 1) + " → " + seen.get(i));
            }
        }
        return gaps;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
