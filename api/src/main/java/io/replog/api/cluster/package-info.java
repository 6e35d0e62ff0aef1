/** Bodies of {@code /health} and {@code /cluster}. */
@NullMarked
package io.replog.api.cluster;

import org.jspecify.annotations.NullMarked;
