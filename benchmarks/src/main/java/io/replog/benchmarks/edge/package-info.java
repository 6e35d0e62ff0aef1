/** JMH benchmarks of the HTTP edge. */
@NullMarked
package io.replog.benchmarks.edge;

import org.jspecify.annotations.NullMarked;
