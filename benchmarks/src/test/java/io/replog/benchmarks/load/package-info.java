@NullMarked
package io.replog.benchmarks.load;

import org.jspecify.annotations.NullMarked;
