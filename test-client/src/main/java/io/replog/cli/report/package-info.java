/** Drawings and written reports. */
@NullMarked
package io.replog.cli.report;

import org.jspecify.annotations.NullMarked;
