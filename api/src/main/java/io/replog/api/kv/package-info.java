/** Bodies of {@code /kv}. */
@NullMarked
package io.replog.api.kv;

import org.jspecify.annotations.NullMarked;
