/** Closed-loop load against replog and its peers in one run, so that ratios can be compared on a noisy machine. */
@NullMarked
package io.replog.benchmarks.load;

import org.jspecify.annotations.NullMarked;
