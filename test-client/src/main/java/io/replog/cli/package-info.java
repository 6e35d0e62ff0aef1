/** The command line: its options, its commands and how they speak to people and machines. */
@NullMarked
package io.replog.cli;

import org.jspecify.annotations.NullMarked;
