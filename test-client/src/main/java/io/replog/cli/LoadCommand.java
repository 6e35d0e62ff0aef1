package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.cli.cluster.ClusterException;
import io.replog.cli.load.LoadPlan;
import io.replog.cli.load.LoadPlot;
import io.replog.cli.load.LoadResult;
import io.replog.cli.load.LoadRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "load",
        description = "Makes closed-loop load on the leader, and tells throughput and latencies. Each connection sends"
                + " its next message as soon as the last one is acknowledged.",
        footer = {
            "  replog-test-client load --connections 64 --w all --seconds 10",
            "  replog-test-client load --batch 1000 --connections 4 --plot load.svg",
        })
final class LoadCommand extends ClientCommand {
    private static final int MOST_CONNECTIONS = 10_000;
    private static final int MOST_IN_A_BATCH = 10_000;
    private static final int LARGEST = 16_000_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "16",
            description = "How many requests are under way at any time. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "100",
            description = "Length of a message. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = {"--w", "-w"},
            paramLabel = "N",
            description = "How many members must have stored it. Default: as the node is set.")
    private @Nullable String w;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Messages of a request. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long to measure. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "How long to load before that. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp;

    @Option(names = "--plot", paramLabel = "FILE.svg", description = "Draw throughput and latencies.")
    private @Nullable Path plot;

    @Override
    int run(ReplogClient client) {
        require("--connections", connections, 1, MOST_CONNECTIONS);
        require("--batch", batch, 1, MOST_IN_A_BATCH);
        require("--size", size, 0, LARGEST / batch);
        require("--seconds", seconds, 1, 86_400);
        if (w != null && !w.matches("[0-9]{1,4}|majority|all")) {
            throw new ParameterException(
                    spec.commandLine(), "--w '" + w + "': accepted is a whole number from 1, majority or all");
        }
        if (plot != null) {
            OutputFile.require("--plot", plot);
        }
        client.cluster();
        LoadRun run = new LoadRun(
                new LoadPlan(connections, size, w, batch, warmUp, Duration.ofSeconds(seconds)), client::leaderUrl);
        LoadResult result = await(run);
        if (plot != null) {
            write(plot, LoadPlot.draw(result));
        }
        if (json()) {
            console().json(result.toJson());
        } else {
            show(result);
        }
        if (result.latency().count() > 0) {
            return ExitStatus.DONE;
        }
        String error = run.firstError();
        console().error("nothing was acknowledged: " + (error == null ? result.errors() : error));
        return error == null ? ExitStatus.UNKNOWN : ExitStatus.REFUSED;
    }

    private void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " " + value + ": accepted is a whole number from " + least + " to " + most);
        }
    }

    private LoadResult await(LoadRun run) {
        CompletableFuture<LoadResult> future = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("load").start(() -> {
            try {
                future.complete(run.run());
            } catch (RuntimeException e) {
                future.completeExceptionally(e);
            }
        });
        long start = System.nanoTime();
        long before = 0;
        while (true) {
            try {
                return future.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                long now = run.acknowledged();
                long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                console()
                        .progress(String.format(
                                Locale.ROOT,
                                "%3d s of %d  %,d messages/s",
                                second,
                                seconds + warmUp.toSeconds(),
                                now - before));
                before = now;
            } catch (ExecutionException e) {
                throw new IllegalStateException("the load broke off: " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private void show(LoadResult result) {
        console()
                .line(String.format(
                        Locale.ROOT,
                        "%s  (%,d messages in %d s, %d connections, %d bytes, w=%s, batch %d)",
                        console().bold(String.format(Locale.ROOT, "%,.0f messages/s", result.throughput())),
                        result.messages(),
                        seconds,
                        connections,
                        size,
                        w == null ? "default" : w,
                        batch));
        console()
                .line(String.format(
                        Locale.ROOT,
                        "latency ms: mean %.3f  p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f",
                        result.latency().mean() / 1e6,
                        result.latency().percentile(50) / 1e6,
                        result.latency().percentile(90) / 1e6,
                        result.latency().percentile(99) / 1e6,
                        result.latency().percentile(99.9) / 1e6,
                        result.latency().max() / 1e6));
        if (result.errorCount() > 0) {
            console().line(console().red("not acknowledged: " + result.errors()));
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ClusterException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
