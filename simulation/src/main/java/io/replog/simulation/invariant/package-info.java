/** What must hold after every event, judged by an observer that sees all nodes and all disks at once. */
@NullMarked
package io.replog.simulation.invariant;

import org.jspecify.annotations.NullMarked;
