package io.replog.cli;

import io.replog.api.client.ReadOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said about any read. */
final class ReadSwitches {
    @Option(
            names = "--read",
            paramLabel = "LEVEL",
            description = "local (what the node has), committed, or linearizable (all that was acknowledged before).")
    private @Nullable String level;

    @Option(names = "--min-index", paramLabel = "INDEX", description = "Wait until the node has this index.")
    private @Nullable Long minIndex;

    ReadOptions options(Duration timeout) {
        ReadOptions options = ReadOptions.DEFAULT.withRead(level);
        return minIndex == null ? options : options.withMinIndex(minIndex, timeout);
    }
}
