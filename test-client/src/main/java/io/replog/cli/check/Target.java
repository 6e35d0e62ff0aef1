package io.replog.cli.check;

import io.replog.api.client.NodeClient;
import io.replog.cli.cluster.LocalNode;
import org.jspecify.annotations.Nullable;

/**
 * A node under check.
 *
 * @param process its process, null where it is not ours
 */
public record Target(
        String id, String url, NodeClient client, @Nullable LocalNode process) {}
