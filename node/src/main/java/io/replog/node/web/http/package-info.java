/** What all resources share: bodies, parameters, problems, outcomes, headers, the order of filters. */
@NullMarked
package io.replog.node.web.http;

import org.jspecify.annotations.NullMarked;
