package io.replog.cli;

import io.replog.api.client.ReplogClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        aliases = "set",
        description = "Sets a key, and waits until that is committed.",
        footer = "  replog-test-client put key1 value1")
final class PutCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "1-512 bytes of any text.")
    private String key;

    @Parameters(index = "1", paramLabel = "VALUE", description = "The new value.")
    private String value;

    @Mixin
    private WriteSwitches write;

    @Mixin
    private Conditions conditions;

    @Override
    int run(ReplogClient client) {
        return show(
                client.put(key, value, conditions.addTo(write.options())),
                done -> key + " = " + done.value() + Previous.describe(done.previous()));
    }
}
