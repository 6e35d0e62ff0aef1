/**
 * A client for Java programs: finds the leader, follows it through a failover, and retries safely.
 *
 * <p>{@link io.replog.api.client.ReplogClient} talks to the cluster, {@link io.replog.api.client.NodeClient} to one node.
 */
@NullMarked
package io.replog.api.client;

import org.jspecify.annotations.NullMarked;
