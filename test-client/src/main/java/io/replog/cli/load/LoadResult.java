package io.replog.cli.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What was measured.
 *
 * @param plan      what load was made
 * @param nanos     how long it was measured
 * @param latency   of the requests that were acknowledged
 * @param perSecond acknowledged messages in each second
 * @param errors    how many requests ended otherwise, by status, or by what broke
 */
public record LoadResult(
        LoadPlan plan, long nanos, LatencyHistogram latency, List<Long> perSecond, SortedMap<String, Long> errors) {
    private static final double NANOS = 1e9;

    public long messages() {
        return latency.count() * plan.batch();
    }

    /** Acknowledged messages a second. */
    public double throughput() {
        return messages() / (nanos / NANOS);
    }

    public long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** For machines; latencies in milliseconds. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("connections", plan.connections());
        json.put("size", plan.size());
        json.put("w", plan.w() == null ? "default" : plan.w());
        json.put("batch", plan.batch());
        json.put("seconds", rounded(nanos / NANOS));
        json.put("requests", latency.count());
        json.put("messages", messages());
        json.put("throughput", rounded(throughput()));
        Map<String, Object> latencies = new LinkedHashMap<>();
        latencies.put("mean", rounded(latency.mean() / 1e6));
        for (double percent : new double[] {50, 90, 95, 99, 99.9}) {
            String name =
                    "p" + (percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent));
            latencies.put(name, rounded(latency.percentile(percent) / 1e6));
        }
        latencies.put("max", rounded(latency.max() / 1e6));
        json.put("latencyMs", latencies);
        json.put("perSecond", perSecond);
        json.put("errors", errors);
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
