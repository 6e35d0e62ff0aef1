/** Faults on purpose: decorators around transport, disk and HTTP. */
@NullMarked
package io.replog.node.faults;

import org.jspecify.annotations.NullMarked;
