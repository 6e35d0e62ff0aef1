/** The key-value store as an immutable map. */
@NullMarked
package io.replog.core.kv;

import org.jspecify.annotations.NullMarked;
