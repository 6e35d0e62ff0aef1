/** Demonstrations: what replog promises, shown on real processes and told in plain words. */
@NullMarked
package io.replog.cli.demo;

import org.jspecify.annotations.NullMarked;
