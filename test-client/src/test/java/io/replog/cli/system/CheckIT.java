package io.replog.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Execution(ExecutionMode.CONCURRENT)
class CheckIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void passesUnderAllFaultsAndCatchesWhatIsPlantedInItsHistory(@TempDir Path folder) throws IOException {
        Path history = folder.resolve("history.ndjson");

        Program.Result result = Program.run("check", "--seconds", "20", "--json", "--history", history.toString());

        result.assertDone();
        JsonNode verdict = JSON.readTree(result.out());
        assertThat(verdict.path("verdict").asString()).isEqualTo("passed");
        assertThat(verdict.path("acknowledged").asLong()).isGreaterThan(100);
        assertThat(verdict.path("faults").size()).isPositive();
        List<String> lines = Files.readAllLines(history);
        Program.run("check", "--replay", history.toString()).assertDone();

        plantLostMessage(lines, folder);
        plantDuplicate(lines, folder);
        plantStaleRead(lines, folder);
        plantReordering(lines, folder);
    }

    /** The last message of a client is on no node, though it was acknowledged. */
    private static void plantLostMessage(List<String> lines, Path folder) throws IOException {
        ObjectNode last = posts(lines).getLast();
        List<String> planted = new ArrayList<>();
        for (String line : lines) {
            JsonNode node = JSON.readTree(line);
            boolean lost = node.path("type").asString().equals("stored")
                    && node.path("id").asLong() >= last.path("firstId").asLong();
            if (!lost) {
                planted.add(line);
            }
        }
        assertCaught(planted, folder, "durability", last.path("id").asLong());
    }

    /** A message is stored once more at the end. */
    private static void plantDuplicate(List<String> lines, Path folder) throws IOException {
        ObjectNode first = posts(lines).getFirst();
        long end = lines.stream()
                .map(JSON::readTree)
                .filter(node -> node.path("type").asString().equals("stored"))
                .mapToLong(node -> node.path("id").asLong())
                .max()
                .orElseThrow();
        List<String> planted = new ArrayList<>(lines);
        for (String node : List.of("master", "secondary-1", "secondary-2")) {
            ObjectNode copy = JSON.createObjectNode()
                    .put("type", "stored")
                    .put("node", node)
                    .put("id", end + 1)
                    .put("text", first.path("texts").path(0).asString());
            planted.add(copy.toString());
        }
        assertCaught(planted, folder, "exactly once", first.path("id").asLong());
    }

    /** A read at the very end that gives what no client ever wrote last. */
    private static void plantStaleRead(List<String> lines, Path folder) throws IOException {
        ObjectNode read = null;
        for (String line : lines) {
            JsonNode node = JSON.readTree(line);
            if (node.path("process").asString("").startsWith("end-")
                    && node.path("saw").isString()) {
                read = (ObjectNode) node;
            }
        }
        assertThat(read).isNotNull();
        long id = read.path("id").asLong();
        read.put("saw", "stale");
        List<String> planted = new ArrayList<>();
        for (String line : lines) {
            JsonNode node = JSON.readTree(line);
            boolean same = node.path("type").asString().equals("key")
                    && node.path("id").asLong() == id;
            planted.add(same ? read.toString() : line);
        }
        assertCaught(planted, folder, "linearizability", id);
    }

    /** Two messages have changed places on one node. */
    private static void plantReordering(List<String> lines, Path folder) throws IOException {
        List<String> planted = new ArrayList<>();
        String first = text(lines, 1);
        String second = text(lines, 2);
        for (String line : lines) {
            JsonNode node = JSON.readTree(line);
            if (node.path("type").asString().equals("stored")
                    && node.path("node").asString().equals("secondary-1")) {
                long id = node.path("id").asLong();
                if (id == 1 || id == 2) {
                    planted.add(((ObjectNode) node)
                            .put("text", id == 1 ? second : first)
                            .toString());
                    continue;
                }
            }
            planted.add(line);
        }
        Path file = Files.write(folder.resolve("planted.ndjson"), planted);
        Program.Result result = Program.run("check", "--replay", file.toString());
        result.assertFailed(1, "violated");
        assertThat(result.out()).contains("same order", first, second);
    }

    private static String text(List<String> lines, long id) {
        return lines.stream()
                .map(JSON::readTree)
                .filter(node -> node.path("type").asString().equals("stored")
                        && node.path("id").asLong() == id)
                .findFirst()
                .orElseThrow()
                .path("text")
                .asString();
    }

    /** Single messages that were acknowledged at the majority, in the order of their ids. */
    private static List<ObjectNode> posts(List<String> lines) {
        return lines.stream()
                .map(JSON::readTree)
                .filter(node -> node.path("type").asString().equals("post")
                        && node.path("status").asString().equals("OK")
                        && node.path("durable").asBoolean()
                        && node.path("texts").size() == 1)
                .sorted((one, other) -> Long.compare(
                        one.path("firstId").asLong(), other.path("firstId").asLong()))
                .map(ObjectNode.class::cast)
                .toList();
    }

    private static void assertCaught(List<String> planted, Path folder, String rule, long operation)
            throws IOException {
        Path file = Files.write(folder.resolve("planted.ndjson"), planted);

        Program.Result result = Program.run("check", "--replay", file.toString(), "--json");

        assertThat(result.status()).isEqualTo(1);
        JsonNode verdict = JSON.readTree(result.out());
        assertThat(verdict.path("verdict").asString()).isEqualTo("violated");
        List<Long> named = new ArrayList<>();
        for (JsonNode violation : verdict.path("violations")) {
            if (violation.path("rule").asString().equals(rule)) {
                violation.path("operations").forEach(id -> named.add(id.asLong()));
            }
        }
        assertThat(named).as("%s", verdict).contains(operation);
    }
}
