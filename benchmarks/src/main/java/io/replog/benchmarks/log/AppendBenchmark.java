package io.replog.benchmarks.log;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a group commit costs: appending so many messages of 100 bytes, framing included, and one force. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class AppendBenchmark {
    @Param({"1", "16", "256", "4096"})
    int entries;

    private BenchmarkLog benchmarked;

    @Setup
    public void open() throws IOException {
        benchmarked = new BenchmarkLog();
    }

    @TearDown
    public void close() throws IOException {
        benchmarked.close();
    }

    @Benchmark
    public long appendAndForce() throws IOException {
        benchmarked.log().append(benchmarked.next(entries), 0);
        return benchmarked.log().force();
    }
}
