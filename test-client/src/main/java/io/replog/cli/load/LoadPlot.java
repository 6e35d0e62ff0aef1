package io.replog.cli.load;

import io.replog.cli.report.Svg;
import java.util.List;
import java.util.Locale;

/** Draws a result: throughput over time above, latency by percentile below. */
public final class LoadPlot {
    private static final int WIDTH = 760;
    private static final int LEFT = 80;
    private static final int RIGHT = 730;
    private static final int GRID_LINES = 4;
    private static final double[] PERCENTS = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99};

    private LoadPlot() {}

    public static String draw(LoadResult result) {
        Svg svg = new Svg(WIDTH, 500, "Load: throughput and latency");
        LoadPlan plan = result.plan();
        svg.label(
                LEFT,
                24,
                "start",
                "#111111",
                String.format(
                        Locale.ROOT,
                        "%,.0f messages/s, %d connections, %d bytes, w=%s, batch %d",
                        result.throughput(),
                        plan.connections(),
                        plan.size(),
                        plan.w() == null ? "default" : plan.w(),
                        plan.batch()));
        throughput(svg, result.perSecond());
        latency(svg, result.latency());
        return svg.toString();
    }

    private static void throughput(Svg svg, List<Long> perSecond) {
        int top = 50;
        int bottom = 220;
        double step =
                roundStep(perSecond.stream().mapToLong(Long::longValue).max().orElse(0) / (double) GRID_LINES);
        double highest = step * GRID_LINES;
        frame(svg, top, bottom, "messages/s over time (s)");
        for (int i = 0; i <= GRID_LINES; i++) {
            double y = bottom - (bottom - top) * i / (double) GRID_LINES;
            svg.line(LEFT, y, RIGHT, y, "#dddddd", 0.5);
            svg.label(LEFT - 8, y + 4, "end", "#444444", String.format(Locale.ROOT, "%,.0f", step * i));
        }
        double[] points = new double[perSecond.size() * 2];
        for (int i = 0; i < perSecond.size(); i++) {
            points[2 * i] = LEFT + (RIGHT - LEFT) * (i + 0.5) / perSecond.size();
            points[2 * i + 1] = bottom - (bottom - top) * perSecond.get(i) / highest;
            String tip = String.format(Locale.ROOT, "second %d: %,d messages", i + 1, perSecond.get(i));
            svg.dot(points[2 * i], points[2 * i + 1], 3, "#1f6feb", tip);
        }
        svg.path(points, "#1f6feb");
        svg.label(LEFT, bottom + 16, "start", "#444444", "0");
        svg.label(RIGHT, bottom + 16, "end", "#444444", Integer.toString(perSecond.size()));
    }

    /** The next of 1, 2, 5, 10, 20, 50 … that is not below {@code least}. */
    static double roundStep(double least) {
        double decade = Math.pow(10, Math.floor(Math.log10(Math.max(1, least))));
        for (double step : new double[] {1, 2, 5}) {
            if (step * decade >= least) {
                return step * decade;
            }
        }
        return 10 * decade;
    }

    private static void latency(Svg svg, LatencyHistogram latency) {
        int top = 290;
        int bottom = 450;
        double highest = Math.log10(Math.max(1e5, (double) latency.max()));
        double lowest = Math.floor(Math.log10(Math.max(1e4, (double) latency.percentile(0))));
        frame(svg, top, bottom, "latency (ms) by percentile");
        for (double decade = lowest; decade <= highest; decade++) {
            double y = bottom - (bottom - top) * (decade - lowest) / Math.max(1e-9, highest - lowest);
            svg.line(LEFT, y, RIGHT, y, "#dddddd", 0.5);
            svg.label(LEFT - 8, y + 4, "end", "#444444", String.format(Locale.ROOT, "%s", Math.pow(10, decade - 6)));
        }
        double[] points = new double[PERCENTS.length * 2];
        for (int i = 0; i < PERCENTS.length; i++) {
            double x = LEFT + (RIGHT - LEFT) * (double) i / (PERCENTS.length - 1);
            double log = Math.log10(Math.max(1.0, (double) latency.percentile(PERCENTS[i])));
            points[2 * i] = x;
            points[2 * i + 1] = bottom - (bottom - top) * Math.max(0, log - lowest) / Math.max(1e-9, highest - lowest);
            svg.label(x, bottom + 16, "middle", "#444444", Double.toString(PERCENTS[i]));
        }
        svg.path(points, "#cf222e");
    }

    private static void frame(Svg svg, int top, int bottom, String title) {
        svg.label(LEFT, top - 10, "start", "#111111", title);
        svg.line(LEFT, top, LEFT, bottom, "#444444", 1);
        svg.line(LEFT, bottom, RIGHT, bottom, "#444444", 1);
    }
}
