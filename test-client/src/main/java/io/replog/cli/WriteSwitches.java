package io.replog.cli;

import io.replog.api.client.RequestKey;
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

    @Option(
            names = "--client-id",
            paramLabel = "ID",
            description = "Instead of a key: a name for who writes, with --client-seq.")
    private @Nullable String clientId;

    @Option(
            names = "--client-seq",
            paramLabel = "N",
            description = "The number of the write, 1, 2, 3 ...: a repeat of the last one takes effect once.")
    private @Nullable Long clientSeq;

    /** @throws IllegalArgumentException where they contradict each other, or a value is not accepted */
    WriteOptions options() {
        WriteOptions options = WriteOptions.DEFAULT.withW(w);
        if (clientId == null && clientSeq == null) {
            return options.withIdempotencyKey(key);
        }
        if (key != null || clientId == null || clientSeq == null) {
            throw new IllegalArgumentException(
                    "accepted is either --key, or --client-id and --client-seq together, or none of them");
        }
        return options.withKey(new RequestKey.ClientSequence(clientId, clientSeq));
    }
}
