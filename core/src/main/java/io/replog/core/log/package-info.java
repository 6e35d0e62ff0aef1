/** Log entries, their framed form, and the part of the log that a replica keeps in memory. */
@NullMarked
package io.replog.core.log;

import org.jspecify.annotations.NullMarked;
