/** Members, write concerns, read levels, and the small arithmetic of majorities. */
@NullMarked
package io.replog.core.quorum;

import org.jspecify.annotations.NullMarked;
