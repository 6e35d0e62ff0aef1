/** A whole cluster in one thread from one seed: how to run it. */
@NullMarked
package io.replog.simulation;

import org.jspecify.annotations.NullMarked;
