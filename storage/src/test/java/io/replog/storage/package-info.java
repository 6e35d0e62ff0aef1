/** Tests of the storage over real files; crash tests stand in the module {@code simulation}, which has the disk for it. */
@NullMarked
package io.replog.storage;

import org.jspecify.annotations.NullMarked;
