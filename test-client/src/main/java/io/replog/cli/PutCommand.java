package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import picocli.CommandLine.Command;

@Command(
        name = "put",
        aliases = "set",
        description = "Sets a key, and waits until that is committed.",
        footer = {
            "  replog-test-client put key1 value1",
            "  replog-test-client put key1 value1 --if-absent",
        })
final class PutCommand extends KeyWriteCommand.WithValue {
    @Override
    int run(ReplogClient client, String key, String value, WriteOptions options) {
        return show(client.put(key, value, options), done -> key + " = " + done.value() + was(done.previous()));
    }
}
