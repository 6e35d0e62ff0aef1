/** {@code /health}, {@code /cluster} and {@code /log}: looking at a node and its cluster, and changing it. */
@NullMarked
package io.replog.node.web.cluster;

import org.jspecify.annotations.NullMarked;
