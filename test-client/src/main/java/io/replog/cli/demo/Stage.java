package io.replog.cli.demo;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOutcome;
import io.replog.api.message.Message;
import io.replog.cli.Console;
import io.replog.cli.cluster.Await;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.LocalNode;
import io.replog.cli.cluster.NodeJars;
import io.replog.cli.report.Story;
import io.replog.cli.report.Story.Mark;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Where a demonstration happens: starts nodes, tells the audience, keeps the record. Thread-safe but for the nodes. */
final class Stage implements AutoCloseable {
    private static final Executor THREADS = Thread::startVirtualThread;
    private static final Duration REPORTED = Duration.ofSeconds(5);
    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(30);

    private final NodeJars jars;
    private final Console console;
    private final Story story;
    private final boolean quiet;
    private final NodeReports reports;

    /** @param quiet whether to tell nothing, for machines */
    Stage(NodeJars jars, Console console, Story story, boolean quiet) {
        this.jars = jars;
        this.console = console;
        this.story = story;
        this.quiet = quiet;
        this.reports = new NodeReports(story);
    }

    Story story() {
        return story;
    }

    /** Seconds since the demonstration began. */
    double now() {
        return reports.now();
    }

    /** Tells what is done, or what is seen. */
    void say(String text) {
        double at = now();
        story.step(at, text);
        if (!quiet) {
            console.line(console.dim(time(at)) + "  " + text);
        }
    }

    /** A measured value. */
    void observe(String what, String value) {
        story.observe(what, value);
        if (!quiet) {
            console.line(console.dim(time(now())) + "  measured: " + what + " = " + console.bold(value));
        }
    }

    /** A measured duration. */
    void observe(String what, double seconds) {
        observe(what, seconds(seconds));
    }

    /** Compares what was promised with what was seen; a broken promise fails the demonstration, which goes on. */
    void expect(String promise, boolean held, String seen) {
        double at = now();
        story.check(at, promise, held, seen);
        if (!quiet) {
            String verdict = held ? console.green("held") : console.red("BROKEN");
            console.line(console.dim(time(at)) + "  promise " + verdict + ": " + promise + " (" + seen + ")");
        }
    }

    /** Lays out a cluster and starts all its nodes. */
    LocalCluster cluster(int secondaries, Map<String, String> settings) {
        LocalCluster cluster = layOut(secondaries, settings);
        try {
            cluster.startAll();
            say("All nodes serve after " + seconds(now()) + ".");
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Lays out a cluster and starts nothing. */
    LocalCluster layOut(int secondaries, Map<String, String> settings) {
        LocalCluster cluster = new LocalCluster(jars, LocalCluster.Shape.ofSecondaries(secondaries), settings);
        story.lane("client");
        for (LocalNode node : cluster.nodes()) {
            story.lane(node.id());
            reports.follow(node);
        }
        story.setup(cluster.nodes().size()
                + " nodes as processes of their own on this machine, on free ports, with empty data folders: "
                + String.join(", ", cluster.nodes().stream().map(LocalNode::id).toList())
                + ". Default settings (heartbeat every 100 ms, election timeout drawn from 1 to 2 s)"
                + (settings.isEmpty() ? "" : ", but " + settings) + "; fault injection is on.");
        return cluster;
    }

    ReplogClient client(LocalCluster cluster) {
        return cluster.client(CLIENT_TIMEOUT);
    }

    /** A moment on somebody's lane of the timeline. */
    void mark(String lane, Mark mark, String label) {
        double at = now();
        story.span(lane, at, at, mark, label);
    }

    /** Does something that takes time, and puts it on somebody's lane. */
    <T> Timed<T> timed(String lane, String label, Supplier<T> action) {
        double from = now();
        T value = action.get();
        double to = now();
        Mark mark = value instanceof WriteOutcome<?> outcome && !(outcome instanceof WriteOutcome.Acknowledged)
                ? Mark.NOT_DONE
                : Mark.DONE;
        story.span(lane, from, to, mark, label);
        return new Timed<>(value, to - from);
    }

    /** The same on another thread. */
    <T> CompletableFuture<Timed<T>> begin(String lane, String label, Supplier<T> action) {
        return CompletableFuture.supplyAsync(() -> timed(lane, label, action), THREADS);
    }

    /** The messages that a node has stored. */
    static List<String> listOf(LocalNode node) {
        return node.client().messages(ReadOptions.DEFAULT).messages().stream()
                .map(Message::message)
                .toList();
    }

    /** From {@code time} until a node says that it leads; waits for its word. */
    double electedAfter(double time) {
        Await.until(REPORTED, () -> reports.ledAfter(time).isPresent());
        return reports.ledAfter(time).orElse(Double.NaN) - time;
    }

    /** Ends the record. */
    @Override
    public void close() {
        reports.close();
    }

    static String seconds(double seconds) {
        return seconds < 1
                ? String.format(Locale.ROOT, "%.0f ms", seconds * 1000)
                : String.format(Locale.ROOT, "%.2f s", seconds);
    }

    private static String time(double at) {
        return String.format(Locale.ROOT, "%6.2f s", at);
    }

    /** @param seconds how long it took */
    record Timed<T>(T value, double seconds) {}
}
