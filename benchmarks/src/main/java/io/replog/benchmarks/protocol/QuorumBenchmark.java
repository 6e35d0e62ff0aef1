package io.replog.benchmarks.protocol;

import io.replog.core.quorum.Commitment;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
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

/** Up to where a majority of so many voters holds the log: asked at each acknowledgement. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class QuorumBenchmark {
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
