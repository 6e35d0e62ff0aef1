/** A disk in memory with all the faults of real ones, the same from the same seed. */
@NullMarked
package io.replog.simulation.disk;

import org.jspecify.annotations.NullMarked;
