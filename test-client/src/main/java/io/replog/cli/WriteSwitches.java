package io.replog.cli;

import io.replog.api.client.WriteOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said about any write. */
final class WriteSwitches {
    @Option(
            names = {"--w", "-w"},
            paramLabel = "N",
            description =
                    "How many members must have stored it: 1, 2, ... majority or all. Default: as the node is set.")
    private @Nullable String w;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Idempotency key: with the same key and text it takes effect once. Default: a fresh one.")
    private @Nullable String key;

    WriteOptions options() {
        return WriteOptions.DEFAULT.withW(w).withIdempotencyKey(key);
    }
}
