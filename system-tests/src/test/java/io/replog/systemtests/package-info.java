/** Black box: what {@code replog} promises, asked over HTTP of real processes and of containers. */
@NullMarked
package io.replog.systemtests;

import org.jspecify.annotations.NullMarked;
