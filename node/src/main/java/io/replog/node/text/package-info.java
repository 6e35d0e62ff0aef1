/** The text port: RESP2 and plain lines over TCP, on Netty. */
@NullMarked
package io.replog.node.text;

import org.jspecify.annotations.NullMarked;
