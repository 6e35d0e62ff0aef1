package io.replog.cli;

import io.replog.api.Durations;
import io.replog.api.client.NodeClient;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.ReplogException;
import io.replog.api.client.UnreachableException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code replog-test-client}. */
@Command(
        name = TestClient.NAME,
        description = "Talks to a replog cluster, shows what it promises, and checks that it keeps it.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = TestClient.Version.class,
        sortOptions = false,
        subcommands = {
            PostCommand.class,
            ListCommand.class,
            TailCommand.class,
            GetCommand.class,
            PutCommand.class,
            AppendCommand.class,
            HashCommand.class,
            DeleteCommand.class,
            DumpCommand.class,
            EchoCommand.class,
            StatusCommand.class,
            HealthCommand.class,
            FaultsCommand.class,
            ShellCommand.class,
            LoadCommand.class,
            DemoCommand.class,
            CheckCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class,
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  replog-test-client post \"hello\" --w 2",
            "  replog-test-client --url http://127.0.0.1:5000,http://127.0.0.1:5001 status",
            "  source <(replog-test-client generate-completion)",
            "",
            "Exit status: 0 done, 1 refused or a check failed, 2 usage, 3 unknown outcome or nobody reachable.",
        })
public final class TestClient implements Runnable {
    static final String NAME = "replog-test-client";
    private static final List<String> LOCAL_NODES =
            List.of("http://127.0.0.1:5000", "http://127.0.0.1:5001", "http://127.0.0.1:5002");

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--url",
            split = ",",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description =
                    "One or more nodes, comma separated or repeated. Default: the three on this machine, ports 5000"
                            + " to 5002. The leader is found through any of them.")
    private List<String> urls = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            scope = ScopeType.INHERIT,
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long to try, as 500ms, 5s or 1m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = ReplogClient.DEFAULT_TIMEOUT;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Speak JSON, for machines.")
    private boolean json;

    TestClient(Console console) {
        this.console = console;
    }

    @SuppressWarnings("SystemConsoleNull") // It is null again since JDK 25 where input or output is redirected.
    static void main(String[] args) {
        java.io.Console person = System.console();
        boolean terminal = person != null && person.isTerminal() && !"dumb".equals(System.getenv("TERM"));
        boolean colour = System.getenv("NO_COLOR") == null;
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
        System.exit(run(new Console(out, err, terminal, colour), out, err, args));
    }

    /** Runs one command and gives its exit status. */
    static int run(Console console, PrintWriter out, PrintWriter err, String... args) {
        int status = commandLine(console).setOut(out).setErr(err).execute(args);
        out.flush();
        err.flush();
        return status;
    }

    /** The whole command line, which understands commands in either case. */
    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new TestClient(console));
        line.setSubcommandsCaseInsensitive(true);
        line.setExpandAtFiles(false);
        line.setParameterExceptionHandler((e, args) -> usage(console, e));
        line.setExecutionExceptionHandler((e, command, result) -> failure(console, e));
        return line;
    }

    private static int usage(Console console, ParameterException e) {
        CommandLine command = e.getCommandLine();
        console.error(describe(e) + "; see '" + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitStatus.USAGE;
    }

    private static String describe(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String name = unmatched.getUnmatched().getFirst();
            CommandLine line = e.getCommandLine();
            if (unmatched.isUnknownOption()) {
                return "unknown option '" + name + "'"
                        + Suggestion.of(name, line.getCommandSpec().optionsMap().keySet());
            }
            return line.getParent() == null
                    ? "unknown command '" + name + "'"
                            + Suggestion.of(name, line.getSubcommands().keySet())
                    : "too many words: '" + name + "'";
        }
        return firstLine(String.valueOf(e.getMessage()));
    }

    private static int failure(Console console, Exception e) {
        if (e instanceof ReplogException known) {
            console.error(firstLine(String.valueOf(known.getMessage())));
            return known instanceof UnreachableException ? ExitStatus.UNKNOWN : ExitStatus.REFUSED;
        }
        if (e instanceof IllegalArgumentException) {
            console.error(firstLine(String.valueOf(e.getMessage())));
            return ExitStatus.USAGE;
        }
        String message = e.getMessage();
        console.error(message == null ? e.toString() : firstLine(message));
        return ExitStatus.REFUSED;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").strip();
    }

    Console console() {
        return console;
    }

    boolean json() {
        return json;
    }

    Duration timeout() {
        return timeout;
    }

    /** The nodes to talk to. */
    List<String> urls() {
        List<String> given =
                urls.stream().map(String::strip).filter(url -> !url.isEmpty()).toList();
        return given.isEmpty() ? LOCAL_NODES : given;
    }

    /** The options that hold for all commands, as they were given. */
    List<String> sharedOptions() {
        List<String> options = new ArrayList<>();
        if (urlsGiven()) {
            options.add("--url=" + String.join(",", urls()));
        }
        options.add("--timeout=" + Durations.format(timeout));
        if (json) {
            options.add("--json");
        }
        return options;
    }

    /** Whether the nodes were named on the command line. */
    boolean urlsGiven() {
        return !urls.isEmpty();
    }

    ReplogClient client() {
        return ReplogClient.of(urls(), timeout);
    }

    /**
     * A client of one node alone.
     *
     * @throws IllegalArgumentException where the cluster has no such node
     */
    NodeClient node(ReplogClient client, String id) {
        NodeClient node = client.node(id);
        if (node == null) {
            // Where nobody answers no id is known either: then that is what to say.
            client.cluster();

            throw new IllegalArgumentException("no node '" + id + "' is known; see 'status' for their ids");
        }
        return node;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Says which build this is. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = TestClient.class.getPackage().getImplementationVersion();
            return new String[] {NAME + " " + (version == null ? "(not packaged)" : version)};
        }
    }
}
