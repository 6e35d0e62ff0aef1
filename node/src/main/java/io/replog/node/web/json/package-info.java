/** JSON between bytes: read strictly into UTF-8, written from UTF-8, without strings between. */
@NullMarked
package io.replog.node.web.json;

import org.jspecify.annotations.NullMarked;
