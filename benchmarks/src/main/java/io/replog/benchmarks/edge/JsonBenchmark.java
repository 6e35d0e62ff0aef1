package io.replog.benchmarks.edge;

import io.replog.node.web.json.JsonBuffer;
import io.replog.node.web.json.TextBody;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of a write in, its answer out; reading beside Jackson. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class JsonBenchmark {
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
