package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import picocli.CommandLine.Command;

@Command(
        name = "delete",
        aliases = "del",
        description = "Removes a key; done as well where it is absent already.",
        footer = "  replog-test-client delete key1")
final class DeleteCommand extends KeyWriteCommand {
    @Override
    int run(ReplogClient client, String key, WriteOptions options) {
        return show(client.delete(key, options), done -> key + " is absent" + was(done.previous()));
    }
}
