/** The durable segmented log, hard state, state snapshots, and their recovery. */
@NullMarked
package io.replog.storage;

import org.jspecify.annotations.NullMarked;
