package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.ReplogOperations;
import io.replog.api.kv.Dump;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "dump",
        description = "Shows all keys, sorted, as the first node of --url that answers has them.",
        footer = {
            "  replog-test-client dump",
            "  replog-test-client dump --node secondary-1 --prefix user/",
        })
final class DumpCommand extends ClientCommand {
    @Option(names = "--node", paramLabel = "ID", description = "Ask the node of this id, and no other.")
    private @Nullable String node;

    @Option(names = "--prefix", paramLabel = "TEXT", defaultValue = "", description = "Only keys that begin with this.")
    private String prefix = "";

    @Mixin
    private ReadSwitches read;

    @Override
    int run(ReplogClient client) {
        if (node == null) {
            return dump(client);
        }
        try (ReplogOperations one = root().node(client, node)) {
            return dump(one);
        }
    }

    private int dump(ReplogOperations node) {
        Dump dump = node.dump(prefix, read.options(root().timeout()));
        if (json()) {
            console().json(dump);
        } else {
            dump.entries().forEach(entry -> console().line(escape(entry.key()) + "=" + escape(entry.value())));
        }
        return ExitStatus.DONE;
    }

    /** Keeps an entry in its line, as the text port does. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
