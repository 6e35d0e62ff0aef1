package io.replog.cli;

import io.replog.api.client.WriteOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Conditions on a write to a key. */
final class Conditions {
    @Option(
            names = "--if-index",
            paramLabel = "INDEX",
            description = "Only where the key was last changed at this index, else exit status 1.")
    private @Nullable Long ifIndex;

    @Option(names = "--if-absent", description = "Only where the key is absent, else exit status 1.")
    private boolean ifAbsent;

    WriteOptions addTo(WriteOptions options) {
        return options.withIfIndex(ifIndex).withIfAbsent(ifAbsent);
    }
}
