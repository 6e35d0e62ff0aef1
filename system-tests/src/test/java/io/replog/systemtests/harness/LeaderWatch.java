package io.replog.systemtests.harness;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Follows the events of nodes, all since each of them started, for who led in which term. */
public final class LeaderWatch implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<Long, Set<String>> leaders = new ConcurrentSkipListMap<>();

    private LeaderWatch() {}

    public static LeaderWatch start(List<? extends Node> nodes) {
        LeaderWatch watch = new LeaderWatch();
        for (Node node : nodes) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + "/cluster/events"))
                    .header("Accept", "text/event-stream")
                    .build();
            Thread.ofVirtual().start(() -> watch.follow(node.id(), request));
        }
        return watch;
    }

    private void follow(String id, HttpRequest request) {
        try (Stream<String> lines =
                client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            lines.filter(line -> line.startsWith("data:")).forEach(line -> {
                JsonNode event = JSON.readTree(line.substring("data:".length()));
                if (event.path("role").asString("").equals("leader")) {
                    leaders.computeIfAbsent(event.get("term").asLong(), term -> ConcurrentHashMap.newKeySet())
                            .add(id);
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // closed: what came until then counts
        }
    }

    /** Who was seen to lead, by term. */
    public Map<Long, Set<String>> leaders() {
        return leaders;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
