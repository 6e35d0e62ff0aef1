package io.replog.benchmarks.log;

import io.replog.core.log.LogEntry;
import io.replog.storage.LogReader;
import java.io.IOException;
import java.util.Iterator;
import java.util.SplittableRandom;
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

/** Reading a warm log of a million messages of 100 bytes (161 MB); every entry is checked against its checksum. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class ReadBenchmark {
    private static final int BATCH = 10_000;

    @Param("1000000")
    int messages;

    private final SplittableRandom random = new SplittableRandom(1);
    private BenchmarkLog benchmarked;
    private LogReader reader;

    @Setup
    public void fill() throws IOException {
        benchmarked = new BenchmarkLog();
        for (int written = 0; written < messages; written += BATCH) {
            benchmarked.log().append(benchmarked.next(BATCH), 0);
            benchmarked.log().force();
        }
        reader = benchmarked.log().reader();
    }

    @TearDown
    public void close() throws IOException {
        benchmarked.close();
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public long scanAll() {
        long bytes = 0;
        for (Iterator<LogEntry> entries = reader.scan(1); entries.hasNext(); ) {
            bytes += entries.next().length();
        }
        return bytes;
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public int readOneMegabyte() {
        return reader.read(1 + random.nextLong(messages - BATCH), 1 << 20).size();
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public LogEntry findById() {
        return reader.entryOfMessage(1 + random.nextLong(messages)).orElseThrow();
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public long digest() {
        return reader.digest(1 + random.nextLong(messages)).orElseThrow();
    }
}
