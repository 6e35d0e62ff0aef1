/** Load with faults, a recorded history, and a verdict on it. */
@NullMarked
package io.replog.cli.check;

import org.jspecify.annotations.NullMarked;
