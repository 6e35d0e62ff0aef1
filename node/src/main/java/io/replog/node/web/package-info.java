/** The HTTP edge: what stands between a client and the replicated log, put together for Spring. */
@NullMarked
package io.replog.node.web;

import org.jspecify.annotations.NullMarked;
