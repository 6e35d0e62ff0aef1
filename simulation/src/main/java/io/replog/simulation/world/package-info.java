/** The simulated world: time, network, disks, nodes, clients and what goes wrong between them. */
@NullMarked
package io.replog.simulation.world;

import org.jspecify.annotations.NullMarked;
