/** The replica: inputs go in, effects come out. */
@NullMarked
package io.replog.core.replica;

import org.jspecify.annotations.NullMarked;
