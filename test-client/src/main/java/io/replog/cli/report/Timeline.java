package io.replog.cli.report;

import io.replog.cli.report.Story.Mark;
import io.replog.cli.report.Story.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws what happened on whose lane, and when. */
public final class Timeline {
    private static final int WIDTH = 900;
    private static final int LEFT = 110;
    private static final int RIGHT = 880;
    private static final int TOP = 40;
    private static final int LANE = 56;
    private static final int LETTER_WIDTH = 6;
    private static final String LEADS_COLOUR = "#b6d4fe";

    private Timeline() {}

    public static String draw(Story story) {
        List<String> lanes = story.lanes();
        int height = TOP + lanes.size() * LANE + 60;
        Svg svg = new Svg(WIDTH, height, "Timeline of " + story.name());
        double from = story.spans().stream().mapToDouble(Span::from).min().orElse(0);
        double to = Math.max(story.seconds(), from + 0.001);
        svg.label(LEFT, 20, "start", "#111111", "Timeline of '" + story.name() + "', seconds since its start");
        int bottom = TOP + lanes.size() * LANE;
        double step = step(to - from);
        for (double at = Math.ceil(from / step) * step; at <= to; at += step) {
            double x = x(at, from, to);
            svg.line(x, TOP, x, bottom, "#e4e4e4", 1);
            svg.label(x, bottom + 16, "middle", "#444444", String.format(Locale.ROOT, step < 1 ? "%.1f" : "%.0f", at));
        }
        for (int lane = 0; lane < lanes.size(); lane++) {
            double y = y(lane);
            svg.line(LEFT, y, RIGHT, y, "#bbbbbb", 1);
            svg.label(LEFT - 10, y + 4, "end", "#111111", lanes.get(lane));
        }
        Map<String, Double> labelledUpTo = new HashMap<>();
        // Who leads lies below what happened meanwhile.
        List<Span> spans = new ArrayList<>(story.spans());
        spans.sort(Comparator.comparing(span -> span.mark() != Mark.LEADS));
        for (Span span : spans) {
            draw(svg, span, y(lanes.indexOf(span.lane())), from, to, labelledUpTo);
        }
        legend(svg, bottom + 42);
        return svg.toString();
    }

    private static void draw(Svg svg, Span span, double y, double from, double to, Map<String, Double> labelledUpTo) {
        double start = x(span.from(), from, to);
        double end = x(span.to(), from, to);
        String tip = String.format(Locale.ROOT, "%s: %.3f s to %.3f s", span.label(), span.from(), span.to());
        if (span.mark() == Mark.LEADS) {
            svg.band(start, y - 9, Math.max(1, end - start), 18, LEADS_COLOUR, tip);
        } else {
            if (end - start > 1) {
                svg.rect(start, y - 4, end - start, 8, colour(span.mark()));
            }
            svg.dot(end, y, 4, colour(span.mark()), tip);
        }
        // A label that would cover the one before it is left out; the tip has it.
        boolean below = span.mark() == Mark.LEADS;
        String row = span.lane() + (below ? "/leads" : "");
        double free = labelledUpTo.getOrDefault(row, 0.0);
        double width = span.label().length() * (double) LETTER_WIDTH;
        double place = Math.min(start, RIGHT - width);
        if (place >= free) {
            svg.label(place, below ? y + 21 : y - 12, "start", "#333333", span.label());
            labelledUpTo.put(row, place + width + LETTER_WIDTH);
        }
    }

    private static void legend(Svg svg, double y) {
        double x = LEFT;
        for (Mark mark : Mark.values()) {
            String text =
                    switch (mark) {
                        case FAULT -> "fault";
                        case DONE -> "acknowledged";
                        case NOT_DONE -> "not acknowledged";
                        case LEADS -> "leads";
                        case NOTE -> "note";
                    };
            svg.dot(x, y - 4, 4, colour(mark), text);
            svg.label(x + 8, y, "start", "#444444", text);
            x += 130;
        }
    }

    private static String colour(Mark mark) {
        return switch (mark) {
            case FAULT -> "#cf222e";
            case DONE -> "#1a7f37";
            case NOT_DONE -> "#bf8700";
            case LEADS -> LEADS_COLOUR;
            case NOTE -> "#6e7781";
        };
    }

    private static double step(double range) {
        double step = 0.1;
        while (range / step > 12) {
            step *= range / (step * 2) <= 12 ? 2 : range / (step * 5) <= 12 ? 5 : 10;
        }
        return step;
    }

    private static double x(double at, double from, double to) {
        return LEFT + (RIGHT - LEFT) * (Math.clamp(at, from, to) - from) / (to - from);
    }

    private static double y(int lane) {
        return TOP + lane * LANE + LANE * 0.6;
    }
}
