/** The threads, the disk and the network around the replica. */
@NullMarked
package io.replog.node.engine;

import org.jspecify.annotations.NullMarked;
