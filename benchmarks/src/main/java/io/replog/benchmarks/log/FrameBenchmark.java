package io.replog.benchmarks.log;

import io.replog.benchmarks.NanosecondsBenchmark;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Between a request and its frame. */
public class FrameBenchmark extends NanosecondsBenchmark {
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
