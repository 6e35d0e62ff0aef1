/** {@code /kv}: the key-value store. */
@NullMarked
package io.replog.node.web.kv;

import org.jspecify.annotations.NullMarked;
