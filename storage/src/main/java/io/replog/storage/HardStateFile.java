package io.replog.storage;

import io.replog.core.replica.HardState;
import java.io.IOException;

/** Keeps the {@link HardState}. Not thread-safe: one thread saves. */
public final class HardStateFile {
    HardStateFile() {}

    /**
     * Durable when it returns; a crash before leaves the old or the new one. Needs no room on the disk.
     *
     * @throws IOException it is unknown which one is durable: the process must halt
     */
    public void save(HardState state) throws IOException {
        throw new UnsupportedOperationException(state.toString());
    }
}
