package io.replog.cli;

import io.replog.api.client.NodeClient;
import io.replog.api.client.RefusedException;
import io.replog.api.client.ReplogClient;
import io.replog.api.cluster.MemberView;
import io.replog.checker.Verdict;
import io.replog.checker.Violation;
import io.replog.cli.check.CheckPlan;
import io.replog.cli.check.CheckRun;
import io.replog.cli.check.FaultKind;
import io.replog.cli.check.History;
import io.replog.cli.check.Target;
import io.replog.cli.cluster.ClusterException;
import io.replog.cli.cluster.LocalCluster;
import io.replog.cli.cluster.NodeJars;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description =
                "Asks a cluster many things at once while things go wrong, records all of it, and says whether the"
                        + " log kept its promises and each key was linearizable. Starts nodes of its own, or takes those of --url,"
                        + " which nobody else may write to meanwhile.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  replog-test-client check --seconds 60 --history history.ndjson",
            "  replog-test-client check --url http://127.0.0.1:5000 --faults partition,drop,delay",
            "  replog-test-client check --replay history.ndjson",
        })
final class CheckCommand implements Callable<Integer> {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);
    private static final int MOST_CLIENTS = 1_000;

    @ParentCommand
    private TestClient root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--faults",
            paramLabel = "FAULTS",
            description =
                    "What goes wrong: of kill, pause, partition, drop, delay, comma separated; or none. Default: all"
                            + " on nodes of its own, none with --url. With --url kill and pause are not possible, and the others"
                            + " need nodes that serve /faults.")
    private @Nullable String faults;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How long to ask. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many ask at the same time. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--operations",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many operations at most. Default: ${DEFAULT-VALUE}.")
    private int operations;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides what is asked and what goes wrong, though not when. Default: drawn.")
    private @Nullable Long seed;

    @Option(names = "--history", paramLabel = "FILE", description = "Keep the history, a JSON object a line.")
    private @Nullable Path historyFile;

    @Option(names = "--replay", paramLabel = "FILE", description = "Judge a history that was kept, and ask nothing.")
    private @Nullable Path replay;

    @Mixin
    private NodeJarsSwitch jars;

    @Override
    public Integer call() {
        if (replay != null) {
            return judge(read(replay), List.of(), null);
        }
        require("--seconds", seconds, 86_400);
        require("--clients", clients, MOST_CLIENTS);
        require("--operations", operations, Integer.MAX_VALUE);
        long drawn = seed != null ? seed : ThreadLocalRandom.current().nextLong(1_000_000);
        CheckPlan plan = new CheckPlan(clients, Duration.ofSeconds(seconds), operations, faultKinds(), drawn);
        if (historyFile != null) {
            OutputFile.require("--history", historyFile);
        }
        return root.urlsGiven() ? checkGiven(plan) : checkOwn(plan);
    }

    private int checkOwn(CheckPlan plan) {
        NodeJars found = jars.find();
        say("starting a master and two secondaries; seed " + plan.seed());
        try (LocalCluster cluster = new LocalCluster(found, LocalCluster.Shape.ofSecondaries(2), Map.of())) {
            cluster.startAll();
            List<Target> targets = new ArrayList<>();
            cluster.nodes()
                    .forEach(node -> targets.add(
                            new Target(node.id(), node.url(), NodeClient.of(node.url(), READ_TIMEOUT), node)));
            return check(plan, targets);
        }
    }

    private int checkGiven(CheckPlan plan) {
        List<Target> targets = new ArrayList<>();
        try (ReplogClient client = root.client()) {
            for (MemberView member : client.cluster().members()) {
                NodeClient node = client.node(member.id(), READ_TIMEOUT);
                boolean bearsData = !member.kind().equals("witness");
                if (node != null && bearsData) {
                    if (!plan.faults().isEmpty()) {
                        requireFaults(member.id(), node);
                    }
                    targets.add(new Target(member.id(), node.url(), node, null));
                }
            }
        }
        say("checking " + targets.stream().map(Target::id).collect(Collectors.joining(", ")) + "; seed " + plan.seed());
        return check(plan, targets);
    }

    private static void requireFaults(String id, NodeClient node) {
        try {
            node.faults();
        } catch (RefusedException e) {
            if (e.problem().status() == 404) {
                throw new ClusterException(
                        "node '" + id + "' injects no faults: start it with replog.faults.enabled=true, or check with"
                                + " --faults none",
                        e);
            }
            throw e;
        }
    }

    private int check(CheckPlan plan, List<Target> targets) {
        History history = new History(plan.operations());
        List<Violation> disagreements;
        try {
            disagreements = new CheckRun(plan, targets, history, root.console()::progress).run();
        } finally {
            targets.forEach(target -> target.client().close());
            if (historyFile != null) {
                write(history, historyFile);
            }
        }
        return judge(history, disagreements, plan.seed());
    }

    private int judge(History history, List<Violation> disagreements, @Nullable Long drawn) {
        root.console().progress("judging " + history.size() + " operations");
        long start = System.nanoTime();
        Verdict verdict = history.judge();
        double took = (System.nanoTime() - start) / 1e9;
        List<Violation> violations = new ArrayList<>(disagreements);
        if (verdict instanceof Verdict.Violated violated) {
            violations.addAll(violated.violations());
        }
        String word = !violations.isEmpty()
                ? "violated"
                : verdict instanceof Verdict.Undecided
                        ? "undecided"
                        : history.acknowledged() == 0 ? "nothing acknowledged" : "passed";
        if (root.json()) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("verdict", word);
            json.put("operations", history.size());
            json.put("acknowledged", history.acknowledged());
            json.put("refused", history.refused());
            json.put("unknown", history.unknown());
            json.put("faults", history.faults());
            json.put("violations", violations);
            json.put("reason", verdict instanceof Verdict.Undecided undecided ? undecided.reason() : null);
            json.put("judgedInSeconds", Math.round(took * 1000) / 1000.0);
            json.put("seed", drawn);
            root.console().json(json);
        } else {
            show(history, verdict, violations, word, took);
        }
        return word.equals("passed") ? ExitStatus.DONE : ExitStatus.REFUSED;
    }

    private void show(History history, Verdict verdict, List<Violation> violations, String word, double took) {
        Console console = root.console();
        console.line(String.format(
                Locale.ROOT,
                "%,d operations: %,d acknowledged, %,d refused, %,d unknown; %d faults; judged in %.1f s",
                history.size(),
                history.acknowledged(),
                history.refused(),
                history.unknown(),
                history.faults().size(),
                took));
        if (word.equals("passed")) {
            console.line(console.green("passed") + ": the log kept its promises, and each key was linearizable");
            return;
        }
        if (verdict instanceof Verdict.Undecided undecided && violations.isEmpty()) {
            console.error("undecided, which is no pass: " + undecided.reason());
            return;
        }
        violations.forEach(violation -> console.line(console.red(violation.rule()) + ": " + violation.message()
                + (violation.operations().isEmpty() ? "" : " [operations " + violation.operations() + "]")));
        console.error(word + (violations.isEmpty() ? "" : ": " + violations.size() + " violation(s)"));
    }

    private Set<FaultKind> faultKinds() {
        if (faults == null) {
            return root.urlsGiven() ? EnumSet.noneOf(FaultKind.class) : EnumSet.allOf(FaultKind.class);
        }
        EnumSet<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (String name : faults.split(",", -1)) {
            if (name.isBlank() || name.strip().equals("none")) {
                continue;
            }
            kinds.add(Arrays.stream(FaultKind.values())
                    .filter(kind -> kind.name().equalsIgnoreCase(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "--faults '" + name + "': accepted are kill, pause, partition, drop, delay, or none")));
        }
        if (root.urlsGiven() && kinds.stream().anyMatch(FaultKind::needsProcess)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--faults: kill and pause need nodes of its own, that is a check without --url");
        }
        return kinds;
    }

    private void say(String text) {
        if (!root.json()) {
            root.console().line(text);
        }
    }

    private void require(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + ": accepted is a whole number from 1 to " + most);
        }
    }

    private static History read(Path file) {
        try {
            return History.read(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("--replay: cannot read " + file, e);
        }
    }

    private static void write(History history, Path file) {
        try {
            history.write(file);
        } catch (IOException e) {
            throw new ClusterException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
