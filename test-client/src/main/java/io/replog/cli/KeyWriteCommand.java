package io.replog.cli;

import io.replog.api.client.ReplogClient;
import io.replog.api.client.WriteOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that changes a key. */
abstract class KeyWriteCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "1-512 bytes of any text.")
    private String key;

    @Mixin
    private WriteSwitches write;

    @Mixin
    private Conditions conditions;

    @Override
    final int run(ReplogClient client) {
        return run(client, key, conditions.addTo(write.options()));
    }

    /** Does it, and gives the exit status. */
    abstract int run(ReplogClient client, String key, WriteOptions options);

    /** What a key was before. */
    static String was(@Nullable String previous) {
        return previous == null ? " (was absent)" : " (was " + previous + ")";
    }

    /** One that takes a text as well. */
    abstract static class WithValue extends KeyWriteCommand {
        @Parameters(index = "1", paramLabel = "VALUE", description = "The text to do it with.")
        private String value;

        @Override
        final int run(ReplogClient client, String key, WriteOptions options) {
            return run(client, key, value, options);
        }

        /** Does it, and gives the exit status. */
        abstract int run(ReplogClient client, String key, String value, WriteOptions options);
    }
}
