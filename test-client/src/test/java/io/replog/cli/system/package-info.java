/** The packaged command line against real nodes. */
@NullMarked
package io.replog.cli.system;

import org.jspecify.annotations.NullMarked;
