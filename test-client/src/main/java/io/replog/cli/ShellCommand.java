package io.replog.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.SyntaxError;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "shell",
        description = "Takes commands line by line, with history and completion (Tab); 'exit' or Ctrl-D ends. Commands"
                + " may be typed in either case.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  replog-test-client shell", "  replog> SET key1 value1", "  replog> GET key1", "  replog> DUMP"})
final class ShellCommand implements Callable<Integer> {
    private static final String PROMPT = "replog> ";

    @ParentCommand
    private TestClient root;

    @Override
    public Integer call() throws IOException {
        return root.console().isTerminal() ? interactive() : piped();
    }

    /** Lines of a file or pipe: stops for no failure, and ends with the last one's exit status. */
    private int piped() {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        int status = ExitStatus.DONE;
        try {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                List<String> words = words(line);
                if (isExit(words)) {
                    break;
                }
                status = words.isEmpty() ? status : execute(words, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the input", e);
        }
        return status;
    }

    private int interactive() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            DefaultParser parser = new DefaultParser();
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .appName(TestClient.NAME)
                    .parser(parser)
                    .completer((line, parsed, candidates) -> complete(parsed, candidates))
                    .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".replog_history"))
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            terminal.writer().println("Type a command, Tab to complete, 'help' for the list, 'exit' to end.");
            while (true) {
                List<String> words;
                try {
                    words = words(reader.readLine(PROMPT));
                } catch (UserInterruptException e) {
                    continue;
                } catch (EndOfFileException e) {
                    return ExitStatus.DONE;
                }
                if (isExit(words)) {
                    return ExitStatus.DONE;
                }
                if (!words.isEmpty()) {
                    executeInterruptibly(words, terminal);
                }
            }
        }
    }

    /** Ctrl-C ends the command, not the shell. A virtual thread's read of a socket ends when it is interrupted. */
    private void executeInterruptibly(List<String> words, Terminal terminal) {
        Thread command = Thread.ofVirtual().unstarted(() -> execute(words, terminal.writer()));
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, signal -> command.interrupt());
        try {
            command.start();
            command.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    private int execute(List<String> words, PrintWriter out) {
        List<String> line = new ArrayList<>(root.sharedOptions());
        line.addAll(words);
        int status =
                TestClient.commandLine(root.console()).setOut(out).setErr(out).execute(line.toArray(String[]::new));
        out.flush();
        return status;
    }

    /** The words of a line; quotes hold words together. */
    private static List<String> words(String line) {
        try {
            return new DefaultParser()
                    .parse(line.strip(), 0).words().stream()
                            .filter(word -> !word.isEmpty() || line.contains("''") || line.contains("\"\""))
                            .toList();
        } catch (SyntaxError e) {
            return List.of(line.strip().split("\\s+"));
        }
    }

    private static boolean isExit(List<String> words) {
        return words.size() == 1
                && (words.getFirst().equalsIgnoreCase("exit")
                        || words.getFirst().equalsIgnoreCase("quit"));
    }

    private void complete(ParsedLine parsed, List<Candidate> candidates) {
        CommandLine line = TestClient.commandLine(root.console());
        String first = parsed.words().isEmpty() ? "" : parsed.words().getFirst();
        if (parsed.wordIndex() == 0) {
            boolean upper = !first.isEmpty() && Character.isUpperCase(first.charAt(0));
            for (String name : line.getSubcommands().keySet()) {
                candidates.add(new Candidate(upper ? name.toUpperCase(Locale.ROOT) : name));
            }
            candidates.add(new Candidate("exit"));
            return;
        }
        CommandLine command = line.getSubcommands().get(first);
        if (command != null && parsed.word().startsWith("-")) {
            command.getCommandSpec().options().forEach(option -> candidates.add(new Candidate(option.longestName())));
        }
    }
}
