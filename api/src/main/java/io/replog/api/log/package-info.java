/** Bodies of {@code /log}. */
@NullMarked
package io.replog.api.log;

import org.jspecify.annotations.NullMarked;
