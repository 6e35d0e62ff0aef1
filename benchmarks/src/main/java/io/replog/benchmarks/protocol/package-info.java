/** JMH benchmarks of what the replica and its peers do for each batch. */
@NullMarked
package io.replog.benchmarks.protocol;

import org.jspecify.annotations.NullMarked;
