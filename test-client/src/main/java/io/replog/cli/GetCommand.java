package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.kv.KeyValue;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = "Shows the value of a key. Exit status 1 where it is absent.",
        footer = {
            "  replog-test-client get key1",
            "  replog-test-client get key1 --read local --url http://127.0.0.1:5002",
        })
final class GetCommand extends ClientCommand {
    @Parameters(paramLabel = "KEY", description = "1-512 bytes of any text.")
    private String key;

    @Mixin
    private ReadSwitches read;

    @Override
    int run(ReplogClient client) {
        Optional<KeyValue> found = client.get(key, read.options(root().timeout()));
        if (found.isEmpty()) {
            console().error("'" + key + "' is absent");
            return ExitStatus.REFUSED;
        }
        if (json()) {
            console().json(found.get());
        } else {
            console().line(found.get().value());
        }
        return ExitStatus.DONE;
    }
}
