package io.replog.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void agreesWithSortingToTheWidthOfABucket() {
        LatencyHistogram histogram = new LatencyHistogram();
        Random random = new Random(7);
        long[] values = new long[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.pow(10, 3 + 6 * random.nextDouble());
            histogram.record(values[i]);
        }
        Arrays.sort(values);

        for (double percent : new double[] {0.01, 1, 25, 50, 90, 99, 99.9, 100}) {
            long exact = values[(int) Math.ceil(values.length * percent / 100) - 1];
            assertThat(histogram.percentile(percent)).isBetween(exact, (long) (exact * 1.016) + 1);
        }
        assertThat(histogram.count()).isEqualTo(values.length);
        assertThat(histogram.max()).isEqualTo(values[values.length - 1]);
        assertThat(histogram.mean()).isCloseTo(Arrays.stream(values).average().orElseThrow(), within(0.5));
    }

    @Test
    void addsUp() {
        LatencyHistogram left = new LatencyHistogram();
        LatencyHistogram right = new LatencyHistogram();
        left.record(10);
        right.record(Long.MAX_VALUE);
        left.add(right);

        assertThat(left.count()).isEqualTo(2);
        assertThat(left.percentile(50)).isEqualTo(10);
        assertThat(left.percentile(100)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void isZeroWhereNothingWasRecorded() {
        assertThat(new LatencyHistogram().percentile(99)).isZero();
        assertThat(new LatencyHistogram().mean()).isZero();
    }
}
