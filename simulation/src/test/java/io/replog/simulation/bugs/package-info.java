/** Classic protocol bugs, planted one at a time around a replica, to see that the simulation catches them. */
@org.jspecify.annotations.NullMarked
package io.replog.simulation.bugs;
