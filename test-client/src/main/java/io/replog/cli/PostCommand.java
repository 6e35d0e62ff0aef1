package io.replog.cli;

import io.replog.api.client.ReplogClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "post",
        description = "Appends a message to the log, and waits until it is stored on as many members as --w says.",
        footer = {
            "  replog-test-client post \"hello\"",
            "  replog-test-client post \"hello\" --w 2 --timeout 5s",
            "  seq 1000 | replog-test-client post --lines",
        })
final class PostCommand extends ClientCommand {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "The message.")
    private @Nullable String text;

    @Option(names = "--lines", description = "Read the messages from the input, one a line; stored all or none.")
    private boolean lines;

    @Mixin
    private WriteSwitches write;

    @Override
    int run(ReplogClient client) {
        if (lines == (text != null)) {
            throw new ParameterException(spec.commandLine(), "accepted is either TEXT or --lines");
        }
        if (text != null) {
            return show(
                    client.post(text, write.options()),
                    done -> "message " + done.id() + " stored on " + String.join(", ", done.acks())
                            + (done.committed() ? "" : ", not yet committed"));
        }
        return show(
                client.postBatch(readLines(), write.options()),
                done -> done.count() + " messages, " + done.firstId() + " to " + done.lastId() + ", stored on "
                        + String.join(", ", done.acks()) + (done.committed() ? "" : ", not yet committed"));
    }

    private static List<String> readLines() {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            return input.readAllLines();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the input", e);
        }
    }
}
