/** At-most-once: the deduplication table. */
@NullMarked
package io.replog.core.session;

import org.jspecify.annotations.NullMarked;
