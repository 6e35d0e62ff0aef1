/** What replicas say to each other. */
@NullMarked
package io.replog.core.protocol;

import org.jspecify.annotations.NullMarked;
