/** Closed-loop load: as cheap as it can be, for it shares the machine with what it measures. */
@NullMarked
package io.replog.cli.load;

import org.jspecify.annotations.NullMarked;
