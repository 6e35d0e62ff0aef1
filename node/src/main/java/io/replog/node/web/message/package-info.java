/** {@code /messages}: append, list, follow. */
@NullMarked
package io.replog.node.web.message;

import org.jspecify.annotations.NullMarked;
