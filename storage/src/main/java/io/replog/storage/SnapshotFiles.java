package io.replog.storage;

import io.replog.core.statemachine.StateSnapshot;
import java.io.IOException;

/** State snapshots on disk, the newest two. One thread saves; it may be another one than the log's. */
public final class SnapshotFiles {
    SnapshotFiles() {}

    /**
     * Durable when it returns. On failure the snapshots from before are still there.
     *
     * @throws DiskFullException where there is no room
     */
    public void save(StateSnapshot snapshot) throws IOException {
        throw new UnsupportedOperationException(snapshot.toString());
    }
}
