/** Clusters of real processes on this machine, for demonstrations and checks. */
@NullMarked
package io.replog.cli.cluster;

import org.jspecify.annotations.NullMarked;
