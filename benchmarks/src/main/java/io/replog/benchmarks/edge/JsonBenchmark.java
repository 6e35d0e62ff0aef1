package io.replog.benchmarks.edge;

import io.replog.benchmarks.NanosecondsBenchmark;
import io.replog.node.web.json.JsonBuffer;
import io.replog.node.web.json.TextBody;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of a write in, its answer out; reading beside Jackson. */
public class JsonBenchmark extends NanosecondsBenchmark {
    private static final JsonMapper JACKSON = new JsonMapper();
    private static final List<String> ACKS = List.of("master", "secondary-1", "secondary-2");

    private final byte[] body = ("{\"message\":\"" + "x".repeat(100) + "\",\"w\":2}").getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public TextBody read() {
        return TextBody.parse(body, 0, body.length, "message", true);
    }

    @Benchmark
    public JsonNode readWithJackson() {
        return JACKSON.readTree(body);
    }

    @Benchmark
    public int write() {
        JsonBuffer json = new JsonBuffer(192);
        json.ascii("{\"id\":").number(1_234_567);
        json.ascii(",\"index\":").number(1_234_569);
        json.ascii(",\"acks\":").plainStrings(ACKS);
        json.ascii(",\"committed\":").bool(true).raw('}');
        return json.length();
    }
}
