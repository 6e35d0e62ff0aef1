package io.replog.benchmarks.protocol;

import io.replog.benchmarks.NanosecondsBenchmark;
import io.replog.core.log.EncodedRequest;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.EntryHeader;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import io.replog.core.log.RequestKey;
import io.replog.core.protocol.ClusterId;
import io.replog.core.protocol.PeerEnvelope;
import io.replog.core.protocol.PeerMessage.AppendEntries;
import io.replog.core.protocol.PeerMessageCodec;
import io.replog.core.quorum.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** A batch of messages of 100 bytes on its way to a peer, and there. */
public class PeerMessageBenchmark extends NanosecondsBenchmark {
    @Param({"1", "16", "256"})
    int entries;

    private PeerEnvelope envelope;
    private byte[] encoded;

    @Setup
    public void make() {
        EncodedRequest request = EntryCodec.encode(RequestKey.NONE, new Payload.Messages(List.of(new byte[100])));
        List<LogEntry> batch = new ArrayList<>();
        for (long index = 1; index <= entries; index++) {
            batch.add(EntryCodec.frame(new EntryHeader(index, 1, 1, 0, index, index - 1), request));
        }
        envelope = new PeerEnvelope(ClusterId.NONE, new NodeId("master"), 1, 1, new AppendEntries(0, 0, batch, 0, 0));
        encoded = encode();
    }

    @Benchmark
    public byte[] encode() {
        return PeerMessageCodec.encode(envelope);
    }

    @Benchmark
    public PeerEnvelope decode() {
        return PeerMessageCodec.decode(encoded);
    }
}
