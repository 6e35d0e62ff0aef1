/** Deterministic application of committed entries. */
@NullMarked
package io.replog.core.statemachine;

import org.jspecify.annotations.NullMarked;
