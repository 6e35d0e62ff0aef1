/** Errors as RFC 9457 has them. */
@NullMarked
package io.replog.api.problem;

import org.jspecify.annotations.NullMarked;
