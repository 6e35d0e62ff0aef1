package io.replog.cli;

import io.replog.api.client.ReplogClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "append",
        description = "Appends to the value of a key; an absent key counts as empty.",
        footer = "  replog-test-client append key1 value1")
final class AppendCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "1-512 bytes of any text.")
    private String key;

    @Parameters(index = "1", paramLabel = "VALUE", description = "What to append.")
    private String value;

    @Mixin
    private WriteSwitches write;

    @Mixin
    private Conditions conditions;

    @Override
    int run(ReplogClient client) {
        return show(client.append(key, value, conditions.addTo(write.options())), done -> key + " = " + done.value());
    }
}
