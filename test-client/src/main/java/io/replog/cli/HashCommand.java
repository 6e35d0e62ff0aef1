package io.replog.cli;

import io.replog.api.client.ReplogClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "hash",
        description = "Sets a key to the FNV-1a hash of its value and TEXT, and shows the value before.",
        footer = "  replog-test-client hash key1 value1")
final class HashCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "1-512 bytes of any text.")
    private String key;

    @Parameters(index = "1", paramLabel = "TEXT", description = "What to hash with the value before.")
    private String value;

    @Mixin
    private WriteSwitches write;

    @Mixin
    private Conditions conditions;

    @Override
    int run(ReplogClient client) {
        return show(
                client.hash(key, value, conditions.addTo(write.options())),
                done -> key + " = " + done.value() + Previous.describe(done.previous()));
    }
}
