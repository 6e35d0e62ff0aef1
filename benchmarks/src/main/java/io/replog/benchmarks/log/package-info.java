/** JMH benchmarks of the log on disk. */
@NullMarked
package io.replog.benchmarks.log;

import org.jspecify.annotations.NullMarked;
