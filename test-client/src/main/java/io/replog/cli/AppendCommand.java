package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import picocli.CommandLine.Command;

@Command(
        name = "append",
        description = "Appends to the value of a key; an absent key counts as empty.",
        footer = "  replog-test-client append key1 value1")
final class AppendCommand extends KeyWriteCommand.WithValue {
    @Override
    int run(ReplogClient client, String key, String value, WriteOptions options) {
        return show(client.append(key, value, options), done -> key + " = " + done.value());
    }
}
