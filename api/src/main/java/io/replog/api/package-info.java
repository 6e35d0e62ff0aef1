/** The HTTP contract as Java: names of headers and media types, and what all resources share. */
@NullMarked
package io.replog.api;

import org.jspecify.annotations.NullMarked;
