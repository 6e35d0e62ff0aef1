package io.replog.cli;

import io.replog.api.client.ReplogClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        aliases = "del",
        description = "Removes a key; done as well where it is absent already.",
        footer = "  replog-test-client delete key1")
final class DeleteCommand extends ClientCommand {
    @Parameters(paramLabel = "KEY", description = "1-512 bytes of any text.")
    private String key;

    @Mixin
    private WriteSwitches write;

    @Mixin
    private Conditions conditions;

    @Override
    int run(ReplogClient client) {
        return show(
                client.delete(key, conditions.addTo(write.options())),
                done -> key + " is absent" + Previous.describe(done.previous()));
    }
}
