/** Bodies of {@code /messages}. */
@NullMarked
package io.replog.api.message;

import org.jspecify.annotations.NullMarked;
