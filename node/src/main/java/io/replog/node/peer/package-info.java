/** How replicas on different nodes reach each other. */
@NullMarked
package io.replog.node.peer;

import org.jspecify.annotations.NullMarked;
