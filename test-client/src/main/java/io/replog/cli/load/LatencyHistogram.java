package io.replog.cli.load;

/**
 * Counts durations in buckets that are at most 1/64 wide of their value, as HdrHistogram does it: constant memory, no
 * allocation, and percentiles right to 1.6 %. Not thread-safe.
 */
public final class LatencyHistogram {
    private static final int SUB_BITS = 6;
    private static final int SUB_COUNT = 1 << SUB_BITS;

    private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB_COUNT];
    private long count;
    private long sum;
    private long max;

    /** @param nanos a duration, from 0 */
    public void record(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        count++;
        sum += value;
        max = Math.max(max, value);
    }

    public void add(LatencyHistogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        sum += other.sum;
        max = Math.max(max, other.max);
    }

    public long count() {
        return count;
    }

    /** Longest, in nanoseconds; 0 where none was recorded. */
    public long max() {
        return max;
    }

    /** Mean in nanoseconds; 0 where none was recorded. */
    public double mean() {
        return count == 0 ? 0 : (double) sum / count;
    }

    /**
     * The duration that the share {@code percent} of all does not exceed, in nanoseconds.
     *
     * @param percent 0–100
     */
    public long percentile(double percent) {
        long wanted = Math.max(1, (long) Math.ceil(count * percent / 100));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.min(max, highest(i));
            }
        }
        return max;
    }

    private static int bucket(long value) {
        if (value < SUB_COUNT) {
            return (int) value;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return (exponent + 1) * SUB_COUNT + (int) ((value >>> exponent) - SUB_COUNT);
    }

    /** The largest value that falls into a bucket. */
    private static long highest(int bucket) {
        if (bucket < SUB_COUNT) {
            return bucket;
        }
        int exponent = bucket / SUB_COUNT - 1;
        long lowest = (long) (bucket % SUB_COUNT + SUB_COUNT) << exponent;
        return lowest + (1L << exponent) - 1;
    }
}
