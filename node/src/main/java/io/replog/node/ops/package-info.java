/** Health, metrics and events. */
@NullMarked
package io.replog.node.ops;

import org.jspecify.annotations.NullMarked;
