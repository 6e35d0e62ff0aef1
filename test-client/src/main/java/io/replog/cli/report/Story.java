package io.replog.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in an experiment, as it is written up: filled while it runs. Times are seconds since its start.
 * Thread-safe.
 */
public final class Story {
    /** How something is drawn on the timeline. */
    public enum Mark {
        /** A node is down, or a fault is in force. */
        FAULT,
        /** A request that was acknowledged. */
        DONE,
        /** A request that was refused, or whose outcome is unknown. */
        NOT_DONE,
        /** A node leads. */
        LEADS,
        /** Anything else worth a note. */
        NOTE
    }

    /** @param text what was done or seen */
    public record Step(double at, String text) {}

    /** @param what a node reported, by its own clock */
    public record Event(double at, String node, String what) {}

    /** @param value with its unit */
    public record Observation(String what, String value) {}

    /** @param seen what was seen, that shows whether the promise was held */
    public record Check(double at, String promise, boolean held, String seen) {}

    /**
     * A line on the timeline.
     *
     * @param lane whose
     * @param to   its end, equal to {@code from} for a moment
     */
    public record Span(String lane, double from, double to, Mark mark, String label) {}

    private final String name;
    private final String title;
    private final String question;
    private final List<Step> steps = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();
    private final List<String> lanes = new ArrayList<>();
    private String setup = "";
    private String analysis = "";
    private String limits = "";
    private double seconds;
    private @Nullable String failure;

    /**
     * @param name     as on the command line
     * @param question what the experiment is to show, in a sentence or two
     */
    public Story(String name, String title, String question) {
        this.name = name;
        this.title = title;
        this.question = question;
    }

    public synchronized void step(double at, String text) {
        steps.add(new Step(at, text));
    }

    public synchronized void event(double at, String node, String what) {
        events.add(new Event(at, node, what));
    }

    public synchronized void observe(String what, String value) {
        observations.add(new Observation(what, value));
    }

    public synchronized void check(double at, String promise, boolean held, String seen) {
        checks.add(new Check(at, promise, held, seen));
    }

    public synchronized void span(String lane, double from, double to, Mark mark, String label) {
        lane(lane);
        spans.add(new Span(lane, from, to, mark, label));
    }

    /** Gives somebody a lane of the timeline, below those that are there. */
    public synchronized void lane(String lane) {
        if (!lanes.contains(lane)) {
            lanes.add(lane);
        }
    }

    public synchronized void setup(String text) {
        setup = text;
    }

    /** What the observations mean. */
    public synchronized void analysis(String text) {
        analysis = text;
    }

    /** What the experiment does not show. */
    public synchronized void limits(String text) {
        limits = text;
    }

    /** The experiment is over. */
    public synchronized void end(double at, @Nullable String why) {
        seconds = at;
        failure = why;
    }

    public String name() {
        return name;
    }

    public String title() {
        return title;
    }

    public String question() {
        return question;
    }

    public synchronized String setup() {
        return setup;
    }

    public synchronized String analysis() {
        return analysis;
    }

    public synchronized String limits() {
        return limits;
    }

    public synchronized double seconds() {
        return seconds;
    }

    /** Why the experiment could not be carried through, null where it was. */
    public synchronized @Nullable String failure() {
        return failure;
    }

    public synchronized List<Step> steps() {
        return List.copyOf(steps);
    }

    /** What the nodes reported, in the order of time. */
    public synchronized List<Event> events() {
        return events.stream().sorted(Comparator.comparingDouble(Event::at)).toList();
    }

    public synchronized List<Observation> observations() {
        return List.copyOf(observations);
    }

    public synchronized List<Check> checks() {
        return List.copyOf(checks);
    }

    /** In the order of their beginnings. */
    public synchronized List<Span> spans() {
        return spans.stream().sorted(Comparator.comparingDouble(Span::from)).toList();
    }

    public synchronized List<String> lanes() {
        return List.copyOf(lanes);
    }

    /** Whether it was carried through and every promise was held. */
    public synchronized boolean succeeded() {
        return failure == null && !checks.isEmpty() && checks.stream().allMatch(Check::held);
    }
}
