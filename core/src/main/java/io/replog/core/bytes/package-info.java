/** Reading and writing the big-endian binary formats of the core. */
@NullMarked
package io.replog.core.bytes;

import org.jspecify.annotations.NullMarked;
