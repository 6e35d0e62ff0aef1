package io.replog.cli;

import io.replog.cli.cluster.NodeJars;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the applications are, for commands that start nodes of their own. */
final class NodeJarsSwitch {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "Where replog-master.jar and replog-secondary.jar are. Default: REPLOG_HOME, or beside this jar.")
    private @Nullable Path home;

    /** @throws io.replog.cli.cluster.ClusterException where they are not found */
    NodeJars find() {
        return NodeJars.find(home);
    }
}
