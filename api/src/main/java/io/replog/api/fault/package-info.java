/** Bodies of {@code /faults}. */
@NullMarked
package io.replog.api.fault;

import org.jspecify.annotations.NullMarked;
