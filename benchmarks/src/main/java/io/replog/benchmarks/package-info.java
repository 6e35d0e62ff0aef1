/** What the benchmarks share. */
@NullMarked
package io.replog.benchmarks;

import org.jspecify.annotations.NullMarked;
