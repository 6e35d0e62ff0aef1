package io.replog.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Every benchmark works: each measures something small, prints it, and ends; one cluster serves them all. What comes out is
 * not judged, so a missed target is as good as one that is met; a program that could not measure is not.
 */
class BenchmarksIT {
    private static final Path PROJECT =
            Path.of(System.getProperty("replog.home", "..")).toAbsolutePath().normalize();

    /** A row of the table of a {@link Report}: a figure stands in its third column. */
    private static final Pattern MEASURED = Pattern.compile("(?m)^\\| .+ \\| .+ \\| .*[0-9].* \\| (true|false) \\|$");

    private static ReplogCluster cluster;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @BeforeAll
    static void start() throws IOException {
        unpackApps();
        cluster = new ReplogCluster(PROJECT, Map.of(), "--faults");
    }

    @AfterAll
    static void end() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** The applications that this build packaged, unless another test has unpacked them before. */
    private static void unpackApps() throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bin/unpack-apps", "target/apps", jar("master"), jar("secondary"))
                .directory(PROJECT.toFile())
                .inheritIO();
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        assertThat(builder.start().onExit().join().exitValue()).isZero();
    }

    private static String jar(String app) {
        Path jar = PROJECT.resolve(app + "/target/replog-" + app + ".jar");
        assertThat(jar).as("./mvnw verify from the root makes it").exists();
        return jar.toString();
    }

    /** The cluster as the one before left it, once all its nodes are there again and the master leads. */
    private static Clusters.Lease take(Map<String, String> settings, String... options) {
        cluster.awaitAllHealthy();
        ReplogCluster.until("the master leads", () -> {
            boolean leads = cluster.leader().equals("master");
            if (!leads) {
                cluster.post("master", "/cluster/leader", "application/json", "{\"to\":\"master\"}")
                        .exceptionally(failure -> 0)
                        .join();
            }
            return leads;
        });
        return new Clusters.Lease(cluster, false);
    }

    /** Of etcd and Redis the one that speaks no HTTP, where it is installed. */
    @Test
    void comparesWithOtherSystems() throws IOException, InterruptedException {
        List<String> systems = new ArrayList<>(List.of("replog", "replog-batch", "replog-get", "replog-text-set"));
        systems.addAll(List.of("replog-text-get", "bare", "forces"));
        if (isInstalled("redis-server")) {
            systems.add("redis");
        }

        Compare.run(PROJECT, BenchmarksIT::take, new String[] {"0.1", "1,4", String.join(",", systems)}, out);

        assertThat(systems).allSatisfy(system -> assertThat(printed())
                .containsPattern("(?m)^\\| " + Pattern.quote(system) + " \\| 1 \\| [0-9]"));
        assertThat(printed()).contains("| bare | 4 |").doesNotContain("| forces | 4 |");
    }

    @Test
    void measuresReadsMemoryAndGrowth() {
        int status = scale("reads=10000", "memory=2000,20,1", "growth=20000");

        assertMeasured(status, 2 + 3 + 3);
    }

    @Test
    void measuresIdlenessCatchUpAndFairness() {
        int status = scale("idle=1,1", "catch-up=2000", "fairness=1,1,1,1");

        assertMeasured(status, 2 + 1 + 3);
    }

    @Test
    void measuresFailovers() {
        int status = Failover.run(
                BenchmarksIT::take, new String[] {"kill=1", "hand-over=1", "catch-up=2000", "steady=1"}, out);

        assertMeasured(status, 4);
    }

    @Test
    void tellsAMeasurementThatFails() {
        assertThat(scale("idle=0,1")).isEqualTo(Report.FAILED);
    }

    @Test
    void measuresSnapshots() throws IOException, InterruptedException {
        Snapshots.run(BenchmarksIT::take, new String[] {"2000", "1", "200"}, out);

        assertThat(printed())
                .containsPattern("(?m)^\\| no snapshot \\| [0-9]")
                .containsPattern("a node serves [0-9.]+ s after `kill -9`, [0-9.]+ s after a clean stop");
    }

    @Test
    void measuresPartByPart() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io.replog.benchmarks")
                        .param("entries", "16")
                        .param("messages", "20000")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(50))
                        .shouldFailOnError(true)
                        .build())
                .run();

        assertThat(results).isNotEmpty().allSatisfy(result -> assertThat(
                        result.getPrimaryResult().getScore())
                .isPositive());
    }

    private int scale(String... measurements) {
        return Scale.run(BenchmarksIT::take, measurements, out);
    }

    private void assertMeasured(int status, int rows) {
        assertThat(status).as(printed()).isIn(Report.MET, Report.MISSED);
        assertThat(MEASURED.matcher(printed()).results()).hasSize(rows);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }
}
