package io.replog.node.peer;

import java.nio.ByteBuffer;

/** What hangs on a selection key. */
interface Selectable {
    /** @param buffer scratch space, free to use until the method returns */
    void ready(long now, ByteBuffer buffer);
}
