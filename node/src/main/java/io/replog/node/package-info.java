/** The Spring shell around a replica, as a Boot auto-configuration. */
@NullMarked
package io.replog.node;

import org.jspecify.annotations.NullMarked;
