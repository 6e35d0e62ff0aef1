package io.replog.cli;

import io.replog.api.client.MessageStream;
import io.replog.api.client.ReplogClient;
import io.replog.api.message.Message;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "tail",
        description = "Follows the log live, through failovers, with neither a gap nor a repeat; until Ctrl-C.",
        footer = {
            "  replog-test-client tail",
            "  replog-test-client tail --from 1 --json",
        })
final class TailCommand extends ClientCommand {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "ID",
            defaultValue = "latest",
            description = "First message, or 'latest' for new ones alone. Default: ${DEFAULT-VALUE}.")
    private String from = "latest";

    @Option(names = "--count", paramLabel = "N", description = "End after so many messages.")
    private @Nullable Long count;

    @Override
    int run(ReplogClient client) {
        try (MessageStream stream = from.equals("latest") ? client.followLatest() : client.follow(firstId())) {
            long left = count == null ? Long.MAX_VALUE : count;
            while (left > 0 && console().isRead()) {
                Message message = stream.next();
                if (message == null) {
                    break;
                }
                if (json()) {
                    console().json(message);
                } else {
                    console().line(message.id() + "  " + message.message());
                }
                left--;
            }
        }
        return ExitStatus.DONE;
    }

    private long firstId() {
        try {
            long id = Long.parseLong(from);
            if (id >= 1) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw notAccepted(e);
        }
        throw notAccepted(null);
    }

    private ParameterException notAccepted(@Nullable Throwable cause) {
        return new ParameterException(
                spec.commandLine(), "--from '" + from + "': accepted is 'latest' or a whole number from 1", cause);
    }
}
