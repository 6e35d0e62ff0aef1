package io.replog.benchmarks.protocol;

import io.replog.benchmarks.NanosecondsBenchmark;
import io.replog.core.quorum.Commitment;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Up to where a majority of so many voters holds the log: asked at each acknowledgement. */
public class QuorumBenchmark extends NanosecondsBenchmark {
    private static final int SEED = 1;

    @Param({"3", "7"})
    int voters;

    private long[] matchIndexes;

    @Setup
    public void make() {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);
        matchIndexes = random.longs(voters, 1, 1_000_000).toArray();
    }

    @Benchmark
    public long majorityIndex() {
        return Commitment.majorityIndex(matchIndexes);
    }
}
