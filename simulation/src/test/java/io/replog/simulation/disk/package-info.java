/** The storage on a disk that fails at every possible moment. */
@NullMarked
package io.replog.simulation.disk;

import org.jspecify.annotations.NullMarked;
