package io.replog.cli;

import io.replog.api.client.Echo;
import io.replog.api.client.ReplogClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "echo",
        description = "Sends a text to a node, which sends it back with its time. Without TEXT: each line of the input,"
                + " until it ends or says 'quit'.",
        footer = {"  replog-test-client echo hello", "  replog-test-client echo"})
final class EchoCommand extends ClientCommand {
    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "What to send.")
    private @Nullable String text;

    @Override
    int run(ReplogClient client) {
        if (text != null) {
            echo(client, text);
            return ExitStatus.DONE;
        }
        if (console().isTerminal()) {
            console().line("Type lines; 'quit' or Ctrl-D ends.");
        }
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = input.readLine(); line != null && !line.equals("quit"); line = input.readLine()) {
                echo(client, line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the input", e);
        }
        return ExitStatus.DONE;
    }

    private void echo(ReplogClient client, String line) {
        Echo echo = client.echo(line.getBytes(StandardCharsets.UTF_8));
        String back = new String(echo.body(), StandardCharsets.UTF_8);
        if (json()) {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("text", back);
            answer.put("node", echo.node());
            answer.put("time", echo.time());
            console().json(answer);
        } else {
            console().line(back + console().dim("  (" + echo.node() + ", " + echo.time() + ")"));
        }
    }
}
