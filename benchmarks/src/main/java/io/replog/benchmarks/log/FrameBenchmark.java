package io.replog.benchmarks.log;

import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import java.util.List;
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
import org.openjdk.jmh.annotations.Warmup;

/** Between a request and its frame. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FrameBenchmark {
    private static final EntryHeader HEADER = new EntryHeader(1, 1, 1, 0, 1, 0);

    @Param({"100", "10000"})
    int messageBytes;

    private byte[] message;
    private EncodedRequest request;
    private LogEntry entry;

    @Setup
    public void make() {
        message = new byte[messageBytes];
        request = encode();
        entry = frame();
    }

    @Benchmark
    public EncodedRequest encode() {
        return EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of(message)));
    }

    @Benchmark
    public LogEntry frame() {
        return EntryCodec.frame(HEADER, request);
    }

    @Benchmark
    public LogEntry readAndCheck() {
        return LogEntry.read(entry.array(), entry.offset(), entry.offset() + entry.length());
    }
}
