/** Clusters to test: as processes and as containers, with the faults that both can suffer. */
@NullMarked
package io.replog.systemtests.harness;

import org.jspecify.annotations.NullMarked;
