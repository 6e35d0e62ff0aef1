/**
 * Says of a recorded history whether the keys were linearizable and whether the log kept its promises. Needs nothing but
 * the history, so that the same judge sits over the simulation, the command line's {@code check} and the black-box tests.
 */
@NullMarked
package io.replog.checker;

import org.jspecify.annotations.NullMarked;
