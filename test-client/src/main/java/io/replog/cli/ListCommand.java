package io.replog.cli;

import io.replog.api.client.ReadOptions;
import io.replog.api.client.ReplogClient;
import io.replog.api.client.ReplogOperations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Shows the messages, as the first node of --url that answers has them.",
        footer = {
            "  replog-test-client list",
            "  replog-test-client list --url http://127.0.0.1:5001 --from 100 --limit 10",
            "  replog-test-client list --node secondary-1 --read committed --json",
        })
final class ListCommand extends ClientCommand {
    @Option(names = "--from", paramLabel = "ID", description = "First message. Default: 1.")
    private @Nullable Long from;

    @Option(names = "--limit", paramLabel = "N", description = "How many at most. Default: all.")
    private @Nullable Long limit;

    @Option(names = "--node", paramLabel = "ID", description = "Ask the node of this id, and no other.")
    private @Nullable String node;

    @Mixin
    private ReadSwitches read;

    @Override
    int run(ReplogClient client) {
        ReadOptions options = read.options(root().timeout()).withFrom(from).withLimit(limit);
        if (node == null) {
            return list(client, options);
        }
        try (ReplogOperations one = root().node(client, node)) {
            return list(one, options);
        }
    }

    private int list(ReplogOperations node, ReadOptions options) {
        if (json()) {
            console().json(node.messages(options));
        } else {
            node.forEachMessage(options, message -> console().line(message.id() + "  " + message.message()));
        }
        return ExitStatus.DONE;
    }
}
