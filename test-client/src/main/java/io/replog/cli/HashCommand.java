package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import picocli.CommandLine.Command;

@Command(
        name = "hash",
        description = "Sets a key to the FNV-1a hash of its value followed by VALUE, and shows the value before.",
        footer = "  replog-test-client hash key1 value1")
final class HashCommand extends KeyWriteCommand.WithValue {
    @Override
    int run(ReplogClient client, String key, String value, WriteOptions options) {
        return show(client.hash(key, value, options), done -> key + " = " + done.value() + was(done.previous()));
    }
}
