/** Requests that only the leader can answer, on their way to it. */
@NullMarked
package io.replog.node.web.forward;

import org.jspecify.annotations.NullMarked;
